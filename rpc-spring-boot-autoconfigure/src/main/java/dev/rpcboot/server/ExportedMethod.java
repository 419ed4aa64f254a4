package dev.rpcboot.server;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import dev.rpcboot.jsonrpc.ServerCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * A method that callers may call: the handle to its bean and the codec of its signature,
 * both prepared at start. Safe for concurrent use.
 */
final class ExportedMethod {

	private static final MethodType ANY = MethodType.methodType(Object.class, Object[].class);

	private final ContractMethod contract;

	private final Object bean;

	private final MethodHandle handle;

	private final ServerCodec codec;

	private final Pace pace = new Pace();

	ExportedMethod(ContractMethod contract, Object bean, JsonRpcMapper mapper) {
		this.contract = contract;
		this.bean = bean;
		this.handle = handle(contract.method(), bean);
		this.codec = new ServerCodec(mapper, contract);
	}

	private static MethodHandle handle(Method method, Object bean) {
		// an interface need not be public to be a contract
		ReflectionUtils.makeAccessible(method);
		try {
			return MethodHandles.lookup()
				.unreflect(method)
				.bindTo(bean)
				.asFixedArity()
				.asSpreader(Object[].class, method.getParameterCount())
				.asType(ANY);
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException("Cannot call " + method, ex);
		}
	}

	ContractMethod contract() {
		return this.contract;
	}

	Object bean() {
		return this.bean;
	}

	ServerCodec codec() {
		return this.codec;
	}

	Pace pace() {
		return this.pace;
	}

	/**
	 * Whether the method may block: it returns only when it has its result, or makes what
	 * is going to block for its items.
	 */
	boolean isBlocking() {
		return switch (this.contract.returnKind()) {
			case VALUE, STREAM, ITERATOR -> true;
			case FUTURE, MONO, FLUX -> false;
		};
	}

	@Nullable Object invoke(@Nullable Object[] arguments) throws Throwable {
		return this.handle.invokeExact(arguments);
	}

}
