package dev.rpcboot.server.interceptor;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import dev.rpcboot.Execution;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.DeadlineTimer;
import dev.rpcboot.server.RpcCallException;
import dev.rpcboot.server.RpcInvocation;
import dev.rpcboot.server.RpcServerInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a call when its caller stops waiting, and lets calls made meanwhile inherit the
 * time left. A method that blocks is interrupted only if its contract says that it may
 * be; its late result is dropped.
 *
 * @since 0.1
 */
public final class DeadlineInterceptor implements RpcServerInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(DeadlineInterceptor.class);

	private static final JsonRpcError EXCEEDED = JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED);

	private static final Duration UNLIMITED = Duration.ofDays(36_500);

	private final DeadlineTimer timer;

	public DeadlineInterceptor(DeadlineTimer timer) {
		this.timer = timer;
	}

	@Override
	public CompletionStage<@Nullable Object> intercept(RpcInvocation invocation, Chain chain) {
		if (invocation.deadline().isExpired()) {
			throw new RpcCallException(EXCEEDED.withExecution(Execution.NOT_EXECUTED));
		}
		CompletableFuture<@Nullable Object> result;
		Future<?> interrupt = invocation.method().interruptible()
				? this.timer.at(invocation.deadline(), invocation::cancel) : null;
		InboundCall previous = InboundCall.set(new InboundCall(inherited(invocation), invocation::metadata,
				invocation.isRepeated(), invocation.criticality()));
		try {
			result = chain.proceed(invocation).toCompletableFuture();
		}
		finally {
			InboundCall.set(previous);
			if (interrupt != null) {
				interrupt.cancel(false);
			}
		}
		if (!result.isDone()) {
			return beforeDeadline(result, invocation);
		}
		if (invocation.deadline().isExpired()) {
			result.whenComplete((value, failure) -> logLate(failure, invocation));
			throw new RpcCallException(EXCEEDED);
		}
		return result;
	}

	/**
	 * The deadline for calls that are made meanwhile. That of a stream is the time for
	 * its first item; what is called for a later one must not be late already.
	 */
	private static Deadline inherited(RpcInvocation invocation) {
		return invocation.method().returnKind().isStream() ? Deadline.after(UNLIMITED, NanoClock.SYSTEM)
				: invocation.deadline();
	}

	private CompletionStage<@Nullable Object> beforeDeadline(CompletableFuture<@Nullable Object> result,
			RpcInvocation invocation) {
		CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
		Future<?> timeout = this.timer.at(invocation.deadline(), () -> {
			if (answer.completeExceptionally(new RpcCallException(EXCEEDED))) {
				invocation.cancel();
			}
		});
		result.whenComplete((value, failure) -> {
			timeout.cancel(false);
			if (failure != null) {
				if (!answer.completeExceptionally(failure)) {
					logLate(failure, invocation);
				}
			}
			else {
				answer.complete(value);
			}
		});
		return answer;
	}

	/**
	 * The caller hears of the deadline alone, so that the log is the only place for what
	 * else was wrong. Cancellations follow from the deadline.
	 */
	private static void logLate(@Nullable Throwable failure, RpcInvocation invocation) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause != null && !(cause instanceof CancellationException) && !(cause instanceof RpcCallException)) {
			logger.warn("{} failed after its deadline", invocation, cause);
		}
	}

}
