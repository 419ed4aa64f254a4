package dev.rpcboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.rpcboot.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * For methods that return a future. What the caller hangs on it runs on our pool, never
 * on a thread of the transport or the timer, and in the caller's context; cancelling it
 * ends the exchange.
 */
final class FutureReturnAdapter implements ReturnAdapter {

	private final CallStarter starter;

	private final Fallback fallback;

	private final Executor executor;

	FutureReturnAdapter(CallStarter starter, Fallback fallback, Executor executor) {
		this.starter = starter;
		this.fallback = fallback;
		this.executor = executor;
	}

	@Override
	public CompletableFuture<@Nullable Object> call(@Nullable Object[] arguments) {
		Executor executor = ContextPropagation.ofThisThread(this.executor);
		CallContext context = this.starter.context(false, executor);
		CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
		result.whenComplete((value, failure) -> {
			if (result.isCancelled()) {
				context.cancel();
			}
		});
		this.starter.start(arguments, context).whenComplete((response, failure) -> {
			Runnable complete = () -> complete(result, arguments, response, failure);
			if (!LaterWork.endWith(context, complete)) {
				context.execute(complete);
			}
		});
		return result;
	}

	private void complete(CompletableFuture<@Nullable Object> result, @Nullable Object[] arguments,
			@Nullable RpcResponse response, @Nullable Throwable failure) {
		try {
			if (response == null) {
				fail(result, arguments, Failures.unwrap(failure));
			}
			else {
				result.complete(this.starter.method().form().decode(response));
			}
		}
		catch (RpcException ex) {
			fail(result, arguments, ex);
		}
		// an application's own code, such as the constructor of a result
		catch (Throwable ex) {
			result.completeExceptionally(ex);
		}
	}

	private CompletionStage<?> toFuture(@Nullable Object substitute) {
		if (substitute == null) {
			throw new IllegalStateException("The fallback for " + this.starter.method() + " returned null");
		}
		return (substitute instanceof CompletionStage<?> stage) ? stage : MonoReturnAdapter.toFuture(substitute);
	}

	private void fail(CompletableFuture<@Nullable Object> result, @Nullable Object[] arguments, Throwable failure) {
		try {
			if (result.isDone() || !this.fallback.servesAfter(failure)) {
				result.completeExceptionally(failure);
				return;
			}
			toFuture(this.fallback.call(arguments, failure)).whenComplete((value, ex) -> {
				if (ex != null) {
					result.completeExceptionally(Failures.unwrap(ex));
				}
				else {
					result.complete(value);
				}
			});
		}
		// an application's own code
		catch (Throwable ex) {
			result.completeExceptionally(ex);
		}
	}

}
