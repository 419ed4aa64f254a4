package dev.rpcboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * One call that an application wrote out itself, to be made once: on its thread, or
 * asynchronously. No fallback bean stands in for it.
 */
final class DirectCall {

	private final CallStarter starter;

	private final Executor executor;

	private final @Nullable Object[] arguments;

	private final Fallback fallback;

	DirectCall(CallStarter starter, Executor executor, @Nullable Object[] arguments) {
		this.starter = starter;
		this.executor = executor;
		this.arguments = arguments;
		this.fallback = new Fallback(starter.method().contract().method(), () -> null);
	}

	/**
	 * Makes the call, and waits.
	 */
	@Nullable Object await() {
		try {
			return new BlockingReturnAdapter(this.starter, this.fallback).call(this.arguments);
		}
		// an interceptor may fail with anything, and so may a method by its contract
		catch (Throwable ex) {
			throw Failures.asIs(ex);
		}
	}

	/**
	 * Makes the call; cancelling the future ends it.
	 */
	CompletableFuture<@Nullable Object> start() {
		return new FutureReturnAdapter(this.starter, this.fallback, this.executor).call(this.arguments);
	}

	/**
	 * Makes the call; cancelling the future ends it.
	 * @param succeeded makes of the answer what the caller gets
	 * @param failed is told of a failure before the caller is
	 */
	<R extends @Nullable Object> CompletableFuture<R> start(Function<@Nullable Object, R> succeeded,
			Consumer<Throwable> failed) {
		CompletableFuture<@Nullable Object> answer = start();
		// not a dependent of the answer, which would not carry a cancellation to it
		CompletableFuture<R> result = new CompletableFuture<>();
		result.whenComplete((value, failure) -> {
			if (result.isCancelled()) {
				answer.cancel(false);
			}
		});
		answer.whenComplete((value, failure) -> {
			try {
				if (failure != null) {
					throw Failures.unwrap(failure);
				}
				result.complete(succeeded.apply(value));
			}
			// whatever it is, the caller must be told
			catch (Throwable ex) {
				failed.accept(ex);
				result.completeExceptionally(ex);
			}
		});
		return result;
	}

}
