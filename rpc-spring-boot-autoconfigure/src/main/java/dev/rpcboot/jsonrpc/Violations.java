package dev.rpcboot.jsonrpc;

import dev.rpcboot.RpcViolation;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Says what is wrong with a value in the caller's terms: by its path, and never by the
 * value, by a class, or in Jackson's words.
 */
final class Violations {

	private Violations() {
	}

	/**
	 * The violation that a failure to decode stands for.
	 * @param root name of the outermost value
	 * @param token where the parser stopped
	 */
	static RpcViolation of(String root, RuntimeException failure, @Nullable JsonToken token) {
		String path = path(root, failure);
		if (!(failure instanceof JacksonException) || failure instanceof ValueInstantiationException) {
			return new RpcViolation(path, "Value", "is not accepted");
		}
		// a primitive that is missing is noticed when its object ends
		if (token == JsonToken.VALUE_NULL || token == JsonToken.END_OBJECT) {
			return required(path);
		}
		return new RpcViolation(path, "Type", "is not of the type that the contract declares");
	}

	static RpcViolation required(String path) {
		return new RpcViolation(path, "Required", "must not be missing or null");
	}

	/**
	 * The path of a failure: {@code order.lines[0].quantity}.
	 */
	static String path(String root, RuntimeException failure) {
		StringBuilder path = new StringBuilder(root);
		if (failure instanceof JacksonException jackson) {
			for (JacksonException.Reference step : jackson.getPath()) {
				if (step.getPropertyName() != null) {
					path.append('.').append(step.getPropertyName());
				}
				else if (step.getIndex() >= 0) {
					path.append('[').append(step.getIndex()).append(']');
				}
			}
		}
		return path.toString();
	}

}
