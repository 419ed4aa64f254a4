package dev.rpcboot.server;

import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * Says what is answered when a call fails. Beans of this type are asked in order, before
 * the exceptions that contracts declare; what none of them knows is an internal error,
 * which tells the caller nothing. Safe for concurrent use.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RpcErrorResolver {

	/**
	 * Resolves a failure.
	 * @param failure what was thrown, freed from the wrappers of futures and proxies
	 * @param invocation the call that failed
	 * @return the error object, or {@code null}: not mine, ask the next. Once the method
	 * was entered it is never sent as not executed, whatever it says.
	 */
	@Nullable JsonRpcError resolve(Throwable failure, RpcInvocation invocation);

}
