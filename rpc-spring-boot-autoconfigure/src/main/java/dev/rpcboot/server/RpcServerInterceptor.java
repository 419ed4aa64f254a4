package dev.rpcboot.server;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Sees every call of an exported method, on the thread that is about to run it. A bean of
 * this type stands at {@link ServerStage#CALL}; several come in their bean order. Safe
 * for concurrent use, and keeps nothing of a call in its fields.
 *
 * <pre>
 * (invocation, chain) -&gt; {
 *     tenants.check(invocation.metadata().get("tenant"));
 *     return chain.proceed(invocation);
 * }
 * </pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RpcServerInterceptor {

	/**
	 * Passes the call on, or answers in its place.
	 * @return completes with the method's result, or fails with what the method threw;
	 * {@link RpcCallException} is answered as it says. An exception that is thrown counts
	 * as a failed stage.
	 */
	CompletionStage<@Nullable Object> intercept(RpcInvocation invocation, Chain chain);

	/**
	 * The rest of the way.
	 */
	@FunctionalInterface
	interface Chain {

		/**
		 * Goes on to the next interceptor, and at last to the method.
		 */
		CompletionStage<@Nullable Object> proceed(RpcInvocation invocation);

	}

}
