package dev.rpcboot.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A caller that waits, as an executor: what a call has to do later runs on the thread
 * that waits for it, so that its thread-locals hold for all of the call.
 */
final class CallerThread implements Executor {

	private static final Runnable WAKE_UP = () -> {
	};

	private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
	}

	/**
	 * Waits until the future is complete, running tasks meanwhile. The future is bound to
	 * end: the first stage of every call ends it at the deadline.
	 */
	void await(CompletableFuture<?> future, CallContext context, Object call) {
		if (future.isDone()) {
			return;
		}
		future.whenComplete((result, failure) -> execute(WAKE_UP));
		try {
			while (!future.isDone()) {
				this.tasks.take().run();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			context.cancel();
			CancellationException cancelled = new CancellationException("Interrupted while waiting for " + call);
			cancelled.initCause(ex);
			throw cancelled;
		}
	}

}
