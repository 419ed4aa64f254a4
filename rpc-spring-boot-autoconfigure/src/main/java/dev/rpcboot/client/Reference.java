package dev.rpcboot.client;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind a proxy of a contract: remote methods go down the pipeline, default
 * methods run here, and a reference answers for itself what every object answers.
 */
final class Reference implements InvocationHandler {

	private static final @Nullable Object[] NO_ARGUMENTS = {};

	private final Class<?> contract;

	private final String target;

	private final RemoteMethods<ReturnAdapter> remote;

	Reference(Class<?> contract, String target, RemoteMethods<ReturnAdapter> remote) {
		this.contract = contract;
		this.target = target;
		this.remote = remote;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		@Nullable Object[] given = (arguments != null) ? arguments : NO_ARGUMENTS;
		ReturnAdapter adapter = this.remote.get(method);
		if (adapter != null) {
			return adapter.call(given);
		}
		if (method.isDefault()) {
			return DefaultMethods.invoke(proxy, method, given);
		}
		return switch (method.getName()) {
			case "equals" -> proxy == given[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "toString" -> "RpcReference[" + this.contract.getSimpleName() + " on " + this.target + "]";
			default -> throw new UnsupportedOperationException(method + " is not remote");
		};
	}

}
