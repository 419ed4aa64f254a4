package dev.rpcboot.client;

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
		try {
			return this.starter.method().form().decode(this.starter.await(arguments, context, thread));
		}
		finally {
			thread.leave();
		}
	}

}
