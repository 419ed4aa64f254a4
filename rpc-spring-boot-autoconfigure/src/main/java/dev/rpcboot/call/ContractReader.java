package dev.rpcboot.call;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Reads an interface into a {@link Contract} and refuses what cannot be called remotely.
 */
final class ContractReader {

	// by name, so that a contract can be read where Reactor is absent
	private static final Map<String, ReturnKind> KINDS = Map.of(CompletableFuture.class.getName(), ReturnKind.FUTURE,
			CompletionStage.class.getName(), ReturnKind.FUTURE, "reactor.core.publisher.Mono", ReturnKind.MONO,
			"reactor.core.publisher.Flux", ReturnKind.FLUX, Stream.class.getName(), ReturnKind.STREAM,
			Iterator.class.getName(), ReturnKind.ITERATOR);

	private final Class<?> type;

	ContractReader(Class<?> type) {
		this.type = type;
	}

	Contract read() {
		if (!this.type.isInterface() || this.type.isAnnotation()) {
			throw new RpcConfigurationException(this.type.getName() + " is no interface.",
					"Declare the remote methods in an interface and name that one.");
		}
		String service = serviceName();
		Map<Method, ContractMethod> remote = new LinkedHashMap<>();
		Map<String, ContractMethod> byName = new HashMap<>();
		for (List<Method> declarations : remoteMethods()) {
			ContractMethod method = readMethod(service, declarations.get(0));
			ContractMethod sameName = byName.putIfAbsent(method.name(), method);
			if (sameName != null) {
				throw duplicate(sameName, method);
			}
			declarations.forEach((declaration) -> remote.put(declaration, method));
		}
		if (remote.isEmpty()) {
			throw new RpcConfigurationException(this.type.getName() + " has no remote method.",
					"Declare an abstract method, or annotate a default method with @RpcMethod.");
		}
		return new Contract(this.type, service, remote);
	}

	private String serviceName() {
		RpcContract annotation = this.type.getAnnotation(RpcContract.class);
		String name = (annotation != null) ? annotation.value() : this.type.getSimpleName();
		if (!WireNames.isService(name)) {
			throw new RpcConfigurationException(
					"The service name '" + name + "' of " + this.type.getName() + " cannot stand in a URL.",
					"Name it with @RpcContract(\"…\"): a letter, then up to 127 letters, digits, dots, underscores or hyphens.");
		}
		return name;
	}

	/**
	 * The remote methods in a stable order; a method that is inherited twice is one, with
	 * its most specific declaration first.
	 */
	private List<List<Method>> remoteMethods() {
		Map<String, List<Method>> bySignature = new LinkedHashMap<>();
		Arrays.stream(this.type.getMethods())
			.filter((method) -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic()
					&& !ReflectionUtils.isObjectMethod(method))
			.sorted(Comparator.comparing(Method::getName).thenComparing(Method::toGenericString))
			.forEach(
					(method) -> bySignature.computeIfAbsent(signature(method), (key) -> new ArrayList<>()).add(method));
		List<List<Method>> remote = new ArrayList<>();
		for (List<Method> declarations : bySignature.values()) {
			moveMostSpecificToFront(declarations);
			if (declarations.stream().anyMatch((method) -> !method.isDefault() || annotation(method) != null)) {
				remote.add(declarations);
			}
		}
		return remote;
	}

	/**
	 * The compiler sees to it that one of the declarations returns a subtype of what all
	 * the others return.
	 */
	private static void moveMostSpecificToFront(List<Method> declarations) {
		for (int i = 1; i < declarations.size(); i++) {
			if (isNarrower(declarations.get(i), declarations.get(0))) {
				Collections.swap(declarations, 0, i);
			}
		}
	}

	private static boolean isNarrower(Method method, Method other) {
		return method.getReturnType() != other.getReturnType()
				&& other.getReturnType().isAssignableFrom(method.getReturnType());
	}

	private String signature(Method method) {
		StringBuilder signature = new StringBuilder(method.getName());
		for (int i = 0; i < method.getParameterCount(); i++) {
			signature.append(',').append(resolve(method.getGenericParameterTypes()[i]).getTypeName());
		}
		return signature.toString();
	}

	private ContractMethod readMethod(String service, Method method) {
		RpcMethod annotation = annotation(method);
		String name = (annotation != null && !annotation.value().isEmpty()) ? annotation.value() : method.getName();
		if (!WireNames.isMethod(name)) {
			throw new RpcConfigurationException(
					"The wire name of " + describe(method) + " is reserved (rpc.…) or longer than 256 characters.",
					"Give it another one with @RpcMethod(\"…\").");
		}
		boolean untyped = annotation != null && annotation.untyped();
		List<ContractMethod.Parameter> parameters = new ArrayList<>();
		for (java.lang.reflect.Parameter parameter : method.getParameters()) {
			Type type = resolve(parameter.getParameterizedType());
			parameters.add(new ContractMethod.Parameter(parameter.isNamePresent() ? parameter.getName() : null, type));
		}
		ReturnKind kind = KINDS.getOrDefault(method.getReturnType().getName(), ReturnKind.VALUE);
		Type returned = resolve(method.getGenericReturnType());
		Type result = (kind == ReturnKind.VALUE) ? returned : elementType(returned, method);
		boolean oneWay = annotation != null && annotation.oneWay();
		boolean interruptible = annotation != null && annotation.interruptible();
		Idempotency idempotency = (annotation != null) ? annotation.idempotency() : Idempotency.NONE;
		if (oneWay) {
			checkOneWay(method, result, idempotency);
		}
		if (interruptible && kind != ReturnKind.VALUE) {
			throw new RpcConfigurationException(
					describe(method) + " is marked interruptible, but no thread stays in it until it has its result.",
					"Remove interruptible: a future, a Mono or a stream is always cancelled when its caller gives up.");
		}
		if (interruptible && idempotency == Idempotency.KEYED) {
			throw new RpcConfigurationException(
					describe(method)
							+ " is marked interruptible and KEYED, but what was interrupted may have been done,"
							+ " and would be done again under the same key.",
					"Remove interruptible: a keyed method is left to end, so that its outcome can be kept.");
		}
		return new ContractMethod(service, name, method, parameters, result, kind, idempotency, untyped, oneWay,
				interruptible, ContractErrors.declaredBy(method));
	}

	private void checkOneWay(Method method, Type result, Idempotency idempotency) {
		if (result != void.class && result != Void.class) {
			throw new RpcConfigurationException(
					describe(method) + " is marked one-way, but returns " + result.getTypeName() + ".",
					"Let it return void, or remove oneWay: nobody can get the result of a one-way call.");
		}
		if (idempotency != Idempotency.NONE) {
			throw new RpcConfigurationException(
					describe(method) + " is marked one-way and " + idempotency
							+ ", but a one-way call is never repeated once it may have arrived.",
					"Remove idempotency, or remove oneWay if it should be repeated.");
		}
	}

	private Type elementType(Type returned, Method method) {
		if (returned instanceof ParameterizedType parameterized) {
			return parameterized.getActualTypeArguments()[0];
		}
		throw new RpcConfigurationException(
				describe(method) + " returns " + returned.getTypeName() + " of unknown type.",
				"Write what it carries: " + method.getReturnType().getSimpleName() + "<…>.");
	}

	private Type resolve(Type generic) {
		return GenericTypeResolver.resolveType(generic, this.type);
	}

	private static @Nullable RpcMethod annotation(Method method) {
		return AnnotationUtils.findAnnotation(method, RpcMethod.class);
	}

	private RpcConfigurationException duplicate(ContractMethod one, ContractMethod other) {
		String methods = one.method().toGenericString() + " and " + other.method().toGenericString();
		if (one.method().getName().equals(other.method().getName())) {
			return new RpcConfigurationException(this.type.getName() + "." + one.method().getName() + " is overloaded: "
					+ methods + " have the same wire name.",
					"Give each a wire name of its own with @RpcMethod(\"…\").");
		}
		return new RpcConfigurationException(methods + " have the same wire name '" + one.name() + "'.",
				"Give one of them another with @RpcMethod(\"…\").");
	}

	private String describe(Method method) {
		return this.type.getName() + "." + method.getName();
	}

}
