package dev.rpcboot.client;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import org.jspecify.annotations.Nullable;

/**
 * For methods that return their result: the caller's thread makes the call and waits.
 */
final class BlockingReturnAdapter implements ReturnAdapter {

	private final CallStarter starter;

	private final Fallback fallback;

	BlockingReturnAdapter(CallStarter starter, Fallback fallback) {
		this.starter = starter;
		this.fallback = fallback;
	}

	@Override
	public @Nullable Object call(@Nullable Object[] arguments) throws Throwable {
		try {
			return exchange(arguments);
		}
		catch (Throwable failure) {
			if (this.fallback.servesAfter(failure)) {
				return this.fallback.call(arguments, failure);
			}
			throw failure;
		}
	}

	private @Nullable Object exchange(@Nullable Object[] arguments) throws Throwable {
		CallerThread thread = new CallerThread();
		CallContext context = this.starter.context(true, thread);
		CompletableFuture<RpcResponse> response = this.starter.start(arguments, context);
		thread.await(response, context, this.starter.method());
		if (!response.isDone()) {
			throw new RpcDeadlineExceededException(this.starter.method() + " was not answered before its deadline",
					context.isSent() ? Execution.UNKNOWN : Execution.NOT_EXECUTED, null);
		}
		if (response.isCompletedExceptionally()) {
			throw Failures.of(response);
		}
		return this.starter.method().form().decode(response.join());
	}

}
