package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;

/**
 * Makes another attempt where that is certain to do no harm: if the method did not run,
 * any method on another instance; if that is unknown, only a method whose contract says
 * that it may be repeated. The first repetition leaves at once, for another instance may
 * have time where one has none; the next waits as long as the server asked, or at random.
 * The caller of a rate that is used up always waits.
 *
 * @since 0.1
 */
public final class RetryInterceptor implements RpcClientInterceptor {

	private static final Duration BACKOFF = Duration.ofMillis(50);

	private final CallTimer timer;

	public RetryInterceptor(CallTimer timer) {
		this.timer = timer;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.RETRY;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		return attempt(request, chain, null);
	}

	/**
	 * Makes an attempt, and more if it fails.
	 * @param mayHaveRun the failure of an attempt before by which the method may have
	 * run, or {@code null}; what the caller is told at last must not be less
	 */
	private CompletableFuture<RpcResponse> attempt(RpcRequest request, Chain chain, @Nullable RpcException mayHaveRun) {
		CompletableFuture<RpcResponse> response = chain.proceed(request);
		if (response.isDone() && !response.isCompletedExceptionally()) {
			return response;
		}
		return response.exceptionallyCompose((failed) -> {
			Throwable failure = Failures.unwrap(failed);
			RpcException unknown = (failure instanceof RpcException ex && ex.execution() != Execution.NOT_EXECUTED) ? ex
					: mayHaveRun;
			Duration delay = delay(failure, request);
			if (delay != null) {
				return repeat(request.withAttempt(request.attempt() + 1), chain, unknown, delay);
			}
			if (unknown != null && unknown != failure && failure instanceof RpcException) {
				unknown.addSuppressed(failure);
				return CompletableFuture.failedFuture(unknown);
			}
			return response;
		});
	}

	/**
	 * How long to wait before the next attempt, or {@code null} if there must be none.
	 */
	private static @Nullable Duration delay(Throwable failure, RpcRequest request) {
		CallContext context = request.context();
		if (request.attempt() >= request.settings().maxAttempts() || context.isDone() || !mayRepeat(failure, request)) {
			return null;
		}
		Duration delay = Duration.ZERO;
		if (failure instanceof RpcUnavailableException refused && refused.retryAfter() != null
				&& (refused.reason() == Reason.RATE_LIMITED || request.attempt() > 1)) {
			delay = refused.retryAfter();
		}
		else if (request.attempt() > 1) {
			delay = Duration.ofNanos(ThreadLocalRandom.current().nextLong(BACKOFF.toNanos()));
		}
		return (delay.compareTo(context.remaining()) < 0) ? delay : null;
	}

	private static boolean mayRepeat(Throwable failure, RpcRequest request) {
		if (failure instanceof RpcUnavailableException refused) {
			return switch (refused.reason()) {
				case CONNECT_FAILED, DRAINING, OVERLOADED -> refused.isRetryable();
				case RATE_LIMITED -> refused.isRetryable() && refused.retryAfter() != null;
				case NO_INSTANCE, CIRCUIT_OPEN, THROTTLED, SHUT_DOWN -> false;
			};
		}
		if (failure instanceof RpcConnectionException) {
			return request.method().idempotency().isRepeatable();
		}
		// the instance may have been replaced by another application: once, elsewhere
		return Failures.isRemote(failure, RpcStatus.SERVICE_NOT_FOUND) && request.attempt() == 1;
	}

	private CompletableFuture<RpcResponse> repeat(RpcRequest next, Chain chain, @Nullable RpcException mayHaveRun,
			Duration delay) {
		if (delay.isZero()) {
			return attempt(next, chain, mayHaveRun);
		}
		CompletableFuture<RpcResponse> later = new CompletableFuture<>();
		this.timer.schedule(() -> next.context()
			.execute(() -> attempt(next, chain, mayHaveRun).whenComplete((response, failure) -> {
				if (response != null) {
					later.complete(response);
				}
				else {
					later.completeExceptionally(Failures.unwrap(failure));
				}
			})), delay);
		return later;
	}

}
