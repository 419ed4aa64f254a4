package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.ResultItems;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;

/**
 * Ends a call at its deadline, whatever it is doing: the exchange under way is told to
 * stop, and the caller gets its answer without waiting for that.
 *
 * @since 0.1
 */
public final class DeadlineInterceptor implements RpcClientInterceptor {

	private static final Duration BROADCAST_GRACE = Duration.ofMillis(500);

	private final CallTimer timer;

	public DeadlineInterceptor(CallTimer timer) {
		this.timer = timer;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.DEADLINE;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		CallContext context = request.context();
		Duration limit = context.remaining();
		CompletableFuture<RpcResponse> result = new CompletableFuture<>();
		CallTimer.Task watchdog;
		try {
			watchdog = this.timer.schedule(() -> {
				context.expire();
				result.completeExceptionally(exceeded(request));
			}, watched(request, limit));
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.failedFuture(new RpcUnavailableException(
					request + " was not sent: this application is shutting down", Reason.SHUT_DOWN, ex));
		}
		CompletableFuture<RpcResponse> response = chain.proceed(request);
		if (response.isDone() && !(response.isCompletedExceptionally() && context.isExpired())) {
			watchdog.cancel();
			return response;
		}
		response.whenComplete((answer, failure) -> {
			if (answer != null) {
				watchdog.cancel();
				ResultItems items = answer.items();
				if (!result.complete(answer) && items != null) {
					// the caller was told that the time is over, and will read nothing
					items.cancel();
				}
			}
			// where the watchdog has struck, the exchange's failure is but its echo
			else if (!context.isExpired()) {
				watchdog.cancel();
				result.completeExceptionally(Failures.unwrap(failure));
			}
		});
		return result;
	}

	/**
	 * A broadcast ends itself at its deadline, with what each instance said until then;
	 * it is watched for what hangs elsewhere.
	 */
	private static Duration watched(RpcRequest request, Duration limit) {
		return (request.attribute(BroadcastPolicy.class) != null) ? limit.plus(BROADCAST_GRACE) : limit;
	}

	private static RpcDeadlineExceededException exceeded(RpcRequest request) {
		CallContext context = request.context();
		List<RpcInstance> tried = context.tried();
		StringBuilder message = new StringBuilder().append(request)
			.append(" gave no answer within ")
			.append(context.timeout().toMillis())
			.append("ms");
		if (!tried.isEmpty()) {
			message.append(" (attempt ")
				.append(tried.size())
				.append(" of ")
				.append(request.settings().maxAttempts())
				.append(", at ")
				.append(tried.get(tried.size() - 1).endpoint().getAuthority())
				.append(')');
		}
		return new RpcDeadlineExceededException(message.toString(),
				context.isSent() ? Execution.UNKNOWN : Execution.NOT_EXECUTED, null);
	}

}
