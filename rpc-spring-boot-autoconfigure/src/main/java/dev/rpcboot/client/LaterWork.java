package dev.rpcboot.client;

import org.jspecify.annotations.Nullable;

/**
 * Work of a call on a thread of a pool, and what is to come last on the same thread:
 * after all that the work brings about, and without another change of threads, which
 * costs more than most of what is done here. For one thread.
 */
final class LaterWork implements Runnable {

	private static final ThreadLocal<@Nullable LaterWork> CURRENT = new ThreadLocal<>();

	private final CallContext context;

	private final Runnable work;

	private @Nullable Runnable last;

	LaterWork(CallContext context, Runnable work) {
		this.context = context;
		this.work = work;
	}

	/**
	 * Runs an action when this thread has done the work of the call that it is at.
	 * @return {@code false} if it is at no work of that call, or something else comes
	 * last
	 */
	static boolean endWith(CallContext context, Runnable last) {
		LaterWork current = CURRENT.get();
		if (current == null || current.context != context || current.last != null) {
			return false;
		}
		current.last = last;
		return true;
	}

	@Override
	public void run() {
		LaterWork before = CURRENT.get();
		CURRENT.set(this);
		try {
			this.work.run();
		}
		finally {
			CURRENT.set(before);
			if (this.last != null) {
				this.last.run();
			}
		}
	}

}
