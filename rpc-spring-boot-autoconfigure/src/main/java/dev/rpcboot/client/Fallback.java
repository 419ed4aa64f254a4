package dev.rpcboot.client;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

import dev.rpcboot.RpcException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.call.RpcStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bean that serves one method when the target cannot. It is asked after everything
 * else, never for an exception of the contract and never for a refusal that the caller
 * has to mend.
 */
final class Fallback {

	private static final Logger logger = LoggerFactory.getLogger(Fallback.class);

	private static final Set<RpcStatus> CALLERS_OWN = EnumSet.of(RpcStatus.APPLICATION, RpcStatus.PARSE_ERROR,
			RpcStatus.INVALID_REQUEST, RpcStatus.METHOD_NOT_FOUND, RpcStatus.INVALID_ARGUMENT,
			RpcStatus.PERMISSION_DENIED, RpcStatus.UNAUTHENTICATED, RpcStatus.FAILED_PRECONDITION,
			RpcStatus.PAYLOAD_TOO_LARGE);

	private final Method method;

	private final Supplier<@Nullable Object> bean;

	/**
	 * Creates one.
	 * @param bean gives the bean, asked when it is first needed, or {@code null} if there
	 * is none
	 */
	Fallback(Method method, Supplier<@Nullable Object> bean) {
		this.method = method;
		this.bean = bean;
	}

	/**
	 * Whether there is a bean, and the failure is one that it stands in for.
	 */
	boolean servesAfter(Throwable failure) {
		return failure instanceof RpcException && !isCallersOwn(failure) && this.bean.get() != null;
	}

	private static boolean isCallersOwn(Throwable failure) {
		if (!(failure instanceof RpcRemoteException remote)) {
			return false;
		}
		RpcStatus status = RpcStatus.named(remote.reason());
		return status == null || CALLERS_OWN.contains(status);
	}

	/**
	 * Calls the bean in the target's place.
	 */
	@Nullable Object call(@Nullable Object[] arguments, Throwable failure) throws Throwable {
		logger.debug("Falling back for {}: {}", this.method, failure.toString());
		try {
			return this.method.invoke(this.bean.get(), arguments);
		}
		catch (InvocationTargetException ex) {
			ex.getTargetException().addSuppressed(failure);
			throw ex.getTargetException();
		}
	}

}
