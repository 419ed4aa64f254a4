package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.Idempotency;
import dev.rpcboot.server.RpcServerInterceptor.Chain;
import org.jspecify.annotations.Nullable;

/**
 * The way of a call from decoded arguments to the method's result, composed once at
 * start. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class ServerPipeline {

	private final Chain chain;

	private ServerPipeline(Chain chain) {
		this.chain = chain;
	}

	/**
	 * Composes the stages in the order of {@link ServerStage}.
	 * @param deadline stands at {@link ServerStage#DEADLINE}
	 * @param call stand at {@link ServerStage#CALL}, outermost first
	 * @param validation stands at {@link ServerStage#VALIDATION}, or {@code null} if
	 * nothing validates
	 * @param idempotency stands at {@link ServerStage#IDEMPOTENCY}, or {@code null} if no
	 * method is keyed
	 */
	public static ServerPipeline of(RpcServerInterceptor deadline, List<RpcServerInterceptor> call,
			@Nullable RpcServerInterceptor validation, @Nullable RpcServerInterceptor idempotency) {
		List<RpcServerInterceptor> interceptors = new ArrayList<>();
		interceptors.add(deadline);
		interceptors.addAll(call);
		if (validation != null) {
			interceptors.add(validation);
		}
		if (idempotency != null) {
			interceptors.add(idempotency);
		}
		Chain chain = ServerPipeline::invoke;
		for (int i = interceptors.size() - 1; i >= 0; i--) {
			chain = before(interceptors.get(i), chain);
		}
		return new ServerPipeline(chain);
	}

	CompletionStage<@Nullable Object> run(RpcInvocation invocation) {
		return this.chain.proceed(invocation);
	}

	private static Chain before(RpcServerInterceptor interceptor, Chain rest) {
		return (invocation) -> {
			try {
				return interceptor.intercept(invocation, rest);
			}
			catch (Throwable ex) {
				// user code: whatever it throws, outer stages see a failed call
				return CompletableFuture.failedStage(ex);
			}
		};
	}

	private static CompletionStage<@Nullable Object> invoke(RpcInvocation invocation) {
		try {
			if (invocation.method().returnKind().isStream()) {
				return invocation.streams().open(invocation);
			}
			Object returned = invocation.invoke();
			return switch (invocation.method().returnKind()) {
				case VALUE -> CompletableFuture.completedFuture(returned);
				case FUTURE -> detached(returned, invocation);
				case MONO -> subscribed(returned, invocation);
				case FLUX, STREAM, ITERATOR -> throw new IllegalStateException("not opened as a stream");
			};
		}
		catch (Throwable ex) {
			// user code: whatever it throws is the call's failure
			return CompletableFuture.failedStage(ex);
		}
	}

	/**
	 * A stage of our own, so that interceptors cannot complete the bean's; whoever
	 * cancels the call cancels the bean's.
	 */
	@SuppressWarnings("unchecked")
	private static CompletionStage<@Nullable Object> detached(@Nullable Object returned, RpcInvocation invocation) {
		CompletionStage<@Nullable Object> stage = (CompletionStage<@Nullable Object>) present(returned, invocation);
		if (!isKeyed(invocation)) {
			// of a stage that cannot be cancelled this is a copy, and then so is what is
			// cancelled
			invocation.running(stage.toCompletableFuture());
		}
		return stage.thenApply((result) -> result);
	}

	private static CompletionStage<@Nullable Object> subscribed(@Nullable Object returned, RpcInvocation invocation) {
		CompletableFuture<@Nullable Object> result = ReactorResults.subscribe(present(returned, invocation),
				invocation.source().reactorContext());
		if (!isKeyed(invocation)) {
			invocation.running(result);
		}
		return result;
	}

	/**
	 * Whether the method must come to its end, to be repeated or not: a future that is
	 * cancelled says nothing of what goes on behind it.
	 */
	private static boolean isKeyed(RpcInvocation invocation) {
		return invocation.method().idempotency() == Idempotency.KEYED;
	}

	static Object present(@Nullable Object returned, RpcInvocation invocation) {
		if (returned == null) {
			throw new IllegalStateException(invocation + " returned null in place of a "
					+ invocation.method().method().getReturnType().getSimpleName());
		}
		return returned;
	}

}
