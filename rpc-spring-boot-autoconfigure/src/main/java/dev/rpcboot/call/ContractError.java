package dev.rpcboot.call;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

/**
 * An exception that a contract declares: how it leaves a provider, and how it is built
 * again in a consumer. Immutable.
 *
 * @param type its wire name
 * @param code its code on the wire
 * @param exceptionType its class, known from the contract and never from the wire
 * @param constructor the constructor that builds it again
 * @param parameters where each argument of the constructor comes from, in order
 * @since 0.1
 */
public record ContractError(String type, int code, Class<? extends Throwable> exceptionType,
		Constructor<? extends Throwable> constructor, List<Parameter> parameters) {

	public ContractError {
		parameters = List.copyOf(parameters);
	}

	/**
	 * The properties of an exception of this class that travel with it.
	 */
	public Map<String, @Nullable Object> attributes(Throwable exception) {
		Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
		for (Parameter parameter : this.parameters) {
			if (parameter instanceof Parameter.Attribute attribute) {
				attributes.put(attribute.name(), invoke(attribute.accessor(), exception));
			}
		}
		return attributes;
	}

	/**
	 * Builds the exception again.
	 * @param message the message that travelled
	 * @param attributes gives the value of an attribute by its name and type
	 * @throws IllegalArgumentException if the constructor refuses the values
	 */
	public Throwable rebuild(String message, BiFunction<String, Type, @Nullable Object> attributes) {
		@Nullable Object[] arguments = new @Nullable Object[this.parameters.size()];
		for (int i = 0; i < arguments.length; i++) {
			Parameter parameter = this.parameters.get(i);
			if (parameter instanceof Parameter.Attribute attribute) {
				arguments[i] = attributes.apply(attribute.name(), attribute.type());
			}
			else if (parameter instanceof Parameter.Message) {
				arguments[i] = message;
			}
		}
		try {
			return this.constructor.newInstance(arguments);
		}
		catch (InstantiationException | IllegalAccessException | InvocationTargetException ex) {
			throw new IllegalArgumentException("Cannot build " + this.exceptionType.getName() + " again", ex);
		}
	}

	private static @Nullable Object invoke(Method accessor, Throwable exception) {
		try {
			return accessor.invoke(exception);
		}
		catch (IllegalAccessException | InvocationTargetException ex) {
			throw new IllegalStateException("Cannot read " + accessor, ex);
		}
	}

	/**
	 * Where an argument of the constructor comes from.
	 */
	public sealed interface Parameter {

		/**
		 * A property that travels.
		 *
		 * @param name its name on the wire
		 * @param type its type
		 * @param accessor reads it from the exception
		 */
		record Attribute(String name, Type type, Method accessor) implements Parameter {
		}

		/** The exception's message. */
		record Message() implements Parameter {
		}

		/** The cause, which never travels. */
		record Cause() implements Parameter {
		}

	}

}
