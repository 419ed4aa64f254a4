package dev.rpcboot.client;

import java.util.concurrent.CompletableFuture;

/**
 * Sees every call on its way out and its answer on the way back. Safe for concurrent use,
 * keeps nothing of a call in its fields, and never waits. A bean of this type stands at
 * {@link ClientStage#CALL}, once per logical call; a bean of type
 * {@link RpcAttemptInterceptor} stands at {@link ClientStage#ATTEMPT}. Among those of one
 * stage Spring's order decides.
 *
 * <pre>
 * (request, chain) -&gt; chain.proceed(request.withHeader("X-Tenant", tenant))
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RpcClientInterceptor {

	/**
	 * Passes the request on, changed or not, or answers in its place.
	 * @return completes with the answer, or fails with an
	 * {@link dev.rpcboot.RpcException} or an exception of the contract
	 */
	CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain);

	/**
	 * Where it stands. Applications stand at {@link ClientStage#CALL} or
	 * {@link ClientStage#ATTEMPT}.
	 */
	default ClientStage stage() {
		return ClientStage.CALL;
	}

	/**
	 * The rest of the way.
	 */
	@FunctionalInterface
	interface Chain {

		/**
		 * Sends the request on; may be called again for another attempt.
		 */
		CompletableFuture<RpcResponse> proceed(RpcRequest request);

	}

}
