package dev.rpcboot.call;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.rpcboot.RpcErrorCode;
import dev.rpcboot.call.ContractError.Parameter;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Reads the exceptions that a contract declares.
 *
 * @since 0.1
 */
public final class ContractErrors {

	private static final List<String> FOREIGN = List.of("java.", "javax.", "jakarta.", "org.springframework.",
			"dev.rpcboot.Rpc");

	// a bad class is bad each time it is thrown, but read once
	private static final ClassValue<Supplier<ContractError>> UNDECLARED = new ClassValue<>() {

		@Override
		protected Supplier<ContractError> computeValue(Class<?> type) {
			try {
				ContractError error = read(type.asSubclass(Throwable.class));
				return () -> error;
			}
			catch (RpcConfigurationException ex) {
				return () -> {
					throw ex;
				};
			}
			catch (LinkageError ex) {
				RpcConfigurationException unreadable = new RpcConfigurationException(
						type.getName() + " cannot be read: " + ex + ".", "Add what it needs to the class path.");
				return () -> {
					throw unreadable;
				};
			}
		}

	};

	private ContractErrors() {
	}

	/**
	 * The declared class that an exception travels as: its own or the nearest above it
	 * that the method declares or that bears {@link RpcErrorCode}; {@code null} if it
	 * does not travel.
	 * @throws RpcConfigurationException if it bears the annotation, is not declared, and
	 * cannot be built again
	 */
	public static @Nullable ContractError nearest(Throwable exception, ContractMethod method) {
		for (Class<?> type = exception.getClass(); type != null && !isForeign(type); type = type.getSuperclass()) {
			for (ContractError error : method.errors()) {
				if (error.exceptionType() == type) {
					return error;
				}
			}
			if (type.isAnnotationPresent(RpcErrorCode.class)) {
				return UNDECLARED.get(type).get();
			}
		}
		return null;
	}

	static List<ContractError> declaredBy(Method method) {
		List<ContractError> errors = new ArrayList<>();
		Map<String, ContractError> byType = new HashMap<>();
		for (Class<?> declared : method.getExceptionTypes()) {
			if (isForeign(declared)) {
				continue;
			}
			ContractError error = read(declared.asSubclass(Throwable.class));
			ContractError sameName = byType.putIfAbsent(error.type(), error);
			if (sameName != null) {
				throw new RpcConfigurationException(sameName.exceptionType().getName() + " and "
						+ error.exceptionType().getName() + ", declared by " + method.toGenericString()
						+ ", have the same wire name '" + error.type() + "'.",
						"Give one of them another with @RpcErrorCode(type = \"…\").");
			}
			errors.add(error);
		}
		return errors;
	}

	private static boolean isForeign(Class<?> type) {
		return FOREIGN.stream().anyMatch(type.getName()::startsWith);
	}

	private static ContractError read(Class<? extends Throwable> type) {
		RpcErrorCode annotation = type.getAnnotation(RpcErrorCode.class);
		int code = (annotation != null) ? annotation.value() : RpcStatus.APPLICATION.code();
		if (code >= -32768 && code <= -32000) {
			throw new RpcConfigurationException(
					"The code " + code + " of " + type.getName() + " is reserved by JSON-RPC.",
					"Choose one outside -32768 to -32000 in @RpcErrorCode.");
		}
		String name = (annotation != null && !annotation.type().isEmpty()) ? annotation.type() : type.getSimpleName();
		return usableConstructors(type)
			.max(Comparator.comparingLong((Candidate candidate) -> candidate.attributes())
				.thenComparing(Candidate::hasMessage))
			.map((candidate) -> {
				ReflectionUtils.makeAccessible(candidate.constructor());
				return new ContractError(name, code, type, candidate.constructor(), candidate.parameters());
			})
			.orElseThrow(() -> new RpcConfigurationException(
					type.getName() + " cannot be built again in the caller: it has no constructor of which every"
							+ " parameter has an accessor of the same name, nor one that takes a message alone.",
					"Add such accessors or such a constructor, and compile it with -parameters."));
	}

	private static Stream<Candidate> usableConstructors(Class<? extends Throwable> type) {
		if (Modifier.isAbstract(type.getModifiers())) {
			return Stream.empty();
		}
		List<Candidate> candidates = new ArrayList<>();
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			if (!Modifier.isPrivate(constructor.getModifiers()) && !constructor.isSynthetic()) {
				@SuppressWarnings("unchecked")
				Constructor<? extends Throwable> typed = (Constructor<? extends Throwable>) constructor;
				parameters(type, typed).ifPresent((parameters) -> candidates.add(new Candidate(typed, parameters)));
			}
		}
		return candidates.stream();
	}

	private static Optional<List<Parameter>> parameters(Class<?> type, Constructor<?> constructor) {
		List<Parameter> parameters = new ArrayList<>();
		for (java.lang.reflect.Parameter parameter : constructor.getParameters()) {
			Method accessor = accessor(type, parameter);
			if (accessor != null) {
				ReflectionUtils.makeAccessible(accessor);
				parameters
					.add(new Parameter.Attribute(parameter.getName(), parameter.getParameterizedType(), accessor));
			}
			else if (parameter.getType() == String.class && (constructor.getParameterCount() == 1
					|| parameter.getName().equals("message") || takesMessageAndCause(constructor))) {
				parameters.add(new Parameter.Message());
			}
			else if (parameter.getType().isAssignableFrom(Exception.class)
					&& Throwable.class.isAssignableFrom(parameter.getType())) {
				parameters.add(new Parameter.Cause());
			}
			else {
				return Optional.empty();
			}
		}
		return Optional.of(parameters);
	}

	private static boolean takesMessageAndCause(Constructor<?> constructor) {
		return constructor.getParameterCount() == 2
				&& Throwable.class.isAssignableFrom(constructor.getParameterTypes()[1]);
	}

	private static @Nullable Method accessor(Class<?> type, java.lang.reflect.Parameter parameter) {
		if (!parameter.isNamePresent()) {
			return null;
		}
		String name = parameter.getName();
		return Stream.of(name, "get" + StringUtils.capitalize(name), "is" + StringUtils.capitalize(name))
			.map((candidate) -> ClassUtils.getMethodIfAvailable(type, candidate))
			.filter((method) -> method != null && !isForeign(method.getDeclaringClass())
					&& method.getReturnType() == parameter.getType())
			.findFirst()
			.orElse(null);
	}

	private record Candidate(Constructor<? extends Throwable> constructor, List<Parameter> parameters) {

		long attributes() {
			return this.parameters.stream().filter(Parameter.Attribute.class::isInstance).count();
		}

		boolean hasMessage() {
			return this.parameters.stream().anyMatch(Parameter.Message.class::isInstance);
		}

	}

}
