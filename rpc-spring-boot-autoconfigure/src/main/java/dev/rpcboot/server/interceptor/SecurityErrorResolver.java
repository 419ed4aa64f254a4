package dev.rpcboot.server.interceptor;

import dev.rpcboot.Execution;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.RpcErrorResolver;
import dev.rpcboot.server.RpcInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;

/**
 * Tells callers that Spring Security denied the call. It was the invocation that threw,
 * and perhaps a bean deeper down after others had done their work, so nothing is said of
 * whether the method ran.
 *
 * @since 0.1
 */
public final class SecurityErrorResolver implements RpcErrorResolver {

	@Override
	public @Nullable JsonRpcError resolve(Throwable failure, RpcInvocation invocation) {
		if (failure instanceof AccessDeniedException) {
			return JsonRpcError.of(RpcStatus.PERMISSION_DENIED).withExecution(Execution.UNKNOWN);
		}
		if (failure instanceof AuthenticationException) {
			return JsonRpcError.of(RpcStatus.UNAUTHENTICATED).withExecution(Execution.UNKNOWN);
		}
		return null;
	}

}
