package dev.rpcboot.call;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;

import dev.rpcboot.Idempotency;
import org.jspecify.annotations.Nullable;

/**
 * One remote method of a contract.
 *
 * @param service name of the service on the wire
 * @param name name of the method on the wire
 * @param method the interface's method; invoke this one on a bean, whatever proxy it is
 * @param parameters its parameters, in order
 * @param resultType type of the result, freed from the future or {@code Mono} around it,
 * or of one item if it is a stream; with type variables resolved
 * @param returnKind how the Java method hands over its result
 * @param idempotency what repeating it means
 * @param untyped whether {@link Object} is allowed in the signature
 * @param oneWay whether nobody waits for the method's outcome
 * @param interruptible whether the thread that runs it may be interrupted
 * @param errors the exceptions it declares
 * @since 0.1
 */
public record ContractMethod(String service, String name, Method method, List<Parameter> parameters, Type resultType,
		ReturnKind returnKind, Idempotency idempotency, boolean untyped, boolean oneWay, boolean interruptible,
		List<ContractError> errors) {

	public ContractMethod {
		parameters = List.copyOf(parameters);
		errors = List.copyOf(errors);
	}

	/**
	 * The name by which logs, meters and messages call it: {@code Service/method}.
	 */
	public String fullName() {
		return this.service + "/" + this.name;
	}

	/**
	 * The declared exception of that wire name, or {@code null}.
	 */
	public @Nullable ContractError error(@Nullable String type) {
		for (ContractError error : this.errors) {
			if (error.type().equals(type)) {
				return error;
			}
		}
		return null;
	}

	@Override
	public String toString() {
		return fullName();
	}

	/**
	 * One parameter.
	 *
	 * @param name its name, or {@code null} if the contract was compiled without names
	 * @param type its type, with type variables resolved
	 */
	public record Parameter(@Nullable String name, Type type) {
	}

	/**
	 * How a Java method hands over its result.
	 */
	public enum ReturnKind {

		/** By returning it. */
		VALUE,

		/** By a {@link java.util.concurrent.CompletableFuture} or its interface. */
		FUTURE,

		/** By Reactor's {@code Mono}. */
		MONO,

		/** Item by item, by Reactor's {@code Flux}. */
		FLUX,

		/** Item by item, by a {@link java.util.stream.Stream}. */
		STREAM,

		/** Item by item, by an {@link java.util.Iterator}. */
		ITERATOR;

		/**
		 * Whether the result comes item by item.
		 */
		public boolean isStream() {
			return this == FLUX || this == STREAM || this == ITERATOR;
		}

	}

}
