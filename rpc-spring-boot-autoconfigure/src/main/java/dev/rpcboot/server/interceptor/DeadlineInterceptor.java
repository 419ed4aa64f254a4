package dev.rpcboot.server.interceptor;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.Execution;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.RpcCallException;
import dev.rpcboot.server.RpcInvocation;
import dev.rpcboot.server.RpcServerInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a call when its caller stops waiting, and lets calls made meanwhile inherit the
 * time left. A method that blocks is not interrupted; its late result is dropped.
 *
 * @since 0.1
 */
public final class DeadlineInterceptor implements RpcServerInterceptor, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DeadlineInterceptor.class);

	private static final int FOLLOWERS = 4;

	private static final JsonRpcError EXCEEDED = JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED);

	// of its own, with a queue: the pool of the calls may be full of those that are late
	private final ThreadPoolExecutor executor;

	// containers look after their own timeouts about once a second, which is too coarse
	private final ScheduledThreadPoolExecutor timer;

	/**
	 * Creates one, with a thread that keeps time and a few, when they are needed, for
	 * what follows from a deadline that passes.
	 */
	public DeadlineInterceptor() {
		this.timer = new ScheduledThreadPoolExecutor(1, (task) -> daemon(task, "rpc-server-deadline"));
		this.executor = new ThreadPoolExecutor(FOLLOWERS, FOLLOWERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> daemon(task, "rpc-server-late"));
		this.executor.allowCoreThreadTimeOut(true);
		this.timer.setRemoveOnCancelPolicy(true);
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public CompletionStage<@Nullable Object> intercept(RpcInvocation invocation, Chain chain) {
		if (invocation.deadline().isExpired()) {
			throw new RpcCallException(EXCEEDED.withExecution(Execution.NOT_EXECUTED));
		}
		CompletableFuture<@Nullable Object> result;
		InboundCall previous = InboundCall.set(new InboundCall(invocation.deadline()));
		try {
			result = chain.proceed(invocation).toCompletableFuture();
		}
		finally {
			InboundCall.set(previous);
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

	private CompletionStage<@Nullable Object> beforeDeadline(CompletableFuture<@Nullable Object> result,
			RpcInvocation invocation) {
		CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
		ScheduledFuture<?> timeout = this.timer.schedule(() -> {
			Runnable exceed = () -> {
				if (answer.completeExceptionally(new RpcCallException(EXCEEDED))) {
					// a Mono ends with it; a future of the bean's own does not
					result.cancel(true);
				}
			};
			this.executor.execute(exceed);
		}, invocation.deadline().remainingNanos(), TimeUnit.NANOSECONDS);
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
		if (failure != null && !(failure instanceof CancellationException) && !(failure instanceof RpcCallException)) {
			logger.warn("{} failed after its deadline", invocation, failure);
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.executor.shutdown();
	}

}
