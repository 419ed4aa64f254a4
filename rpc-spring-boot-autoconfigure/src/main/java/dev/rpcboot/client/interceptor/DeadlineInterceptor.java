package dev.rpcboot.client.interceptor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;

/**
 * Ends a call at its deadline, whatever it is doing: the exchange under way is told to
 * stop, and the caller gets its answer without waiting for that.
 *
 * @since 0.1
 */
public final class DeadlineInterceptor implements RpcClientInterceptor {

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
		CompletableFuture<RpcResponse> result = new CompletableFuture<>();
		Future<?> watchdog = this.timer.schedule(() -> {
			context.expire();
			result.completeExceptionally(exceeded(request));
		}, context.remaining());
		CompletableFuture<RpcResponse> response = chain.proceed(request);
		if (response.isDone()) {
			watchdog.cancel(false);
			return response;
		}
		response.whenComplete((answer, failure) -> {
			watchdog.cancel(false);
			if (answer != null) {
				result.complete(answer);
			}
			else {
				result.completeExceptionally(failure);
			}
		});
		return result;
	}

	private static RpcDeadlineExceededException exceeded(RpcRequest request) {
		CallContext context = request.context();
		int attempts = context.tried().size();
		return new RpcDeadlineExceededException(
				request + " gave no answer within " + request.settings().timeout().toMillis() + "ms" + ((attempts > 1)
						? " (attempt " + attempts + " of " + request.settings().maxAttempts() + ")" : ""),
				context.isSent() ? Execution.UNKNOWN : Execution.NOT_EXECUTED, null);
	}

}
