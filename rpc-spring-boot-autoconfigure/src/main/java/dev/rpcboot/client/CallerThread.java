package dev.rpcboot.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A caller that waits, as an executor: what a call has to do later runs on the thread
 * that waits for it, so that its thread-locals hold for all of the call. Once the caller
 * has left, what still comes runs where it comes from: it finds the call ended, and
 * releases what it holds.
 */
final class CallerThread implements Executor {

	private static final Runnable WAKE_UP = () -> {
	};

	/** How long after its deadline a call may still be waited for, to be told why. */
	private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

	/** Made when there is one, or somebody waits: most calls end on the thread itself. */
	private @Nullable BlockingQueue<Runnable> tasks;

	private boolean left;

	@Override
	public void execute(Runnable task) {
		synchronized (this) {
			if (!this.left) {
				tasks().add(task);
				return;
			}
		}
		task.run();
	}

	/**
	 * Waits until the future is complete, running tasks meanwhile. The first stage of
	 * every call completes it at the deadline; where that cannot be, as while the
	 * application shuts down, the wait ends shortly after. The caller may wait for more
	 * until it leaves.
	 */
	void await(CompletableFuture<?> future, CallContext context, Object call) {
		if (future.isDone()) {
			return;
		}
		future.whenComplete((result, failure) -> wakeUp());
		if (!await(future::isDone, () -> context.deadline().remainingNanos(), context, call)) {
			context.expire();
		}
	}

	/**
	 * Waits until something is so, running tasks meanwhile. Whoever makes it so wakes the
	 * thread up.
	 * @param limit nanoseconds that the wait may still last; some more pass before it is
	 * given up
	 * @return whether it is so
	 */
	boolean await(BooleanSupplier done, LongSupplier limit, CallContext context, Object call) {
		BlockingQueue<Runnable> tasks = tasks();
		try {
			while (!done.getAsBoolean()) {
				Runnable task = tasks.poll(limit.getAsLong() + GRACE, TimeUnit.NANOSECONDS);
				if (task == null) {
					return false;
				}
				task.run();
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			context.cancel();
			CancellationException cancelled = new CancellationException("Interrupted while waiting for " + call);
			cancelled.initCause(ex);
			throw cancelled;
		}
	}

	void wakeUp() {
		execute(WAKE_UP);
	}

	/**
	 * Wakes up whoever still waits though another thread has said that nobody does.
	 */
	void wakeUpWaiting() {
		tasks().add(WAKE_UP);
	}

	/**
	 * Says that nobody waits any more.
	 */
	void leave() {
		BlockingQueue<Runnable> tasks;
		synchronized (this) {
			this.left = true;
			tasks = this.tasks;
		}
		for (Runnable task = poll(tasks); task != null; task = poll(tasks)) {
			task.run();
		}
	}

	private static @Nullable Runnable poll(@Nullable BlockingQueue<Runnable> tasks) {
		return (tasks != null) ? tasks.poll() : null;
	}

	private synchronized BlockingQueue<Runnable> tasks() {
		if (this.tasks == null) {
			this.tasks = new LinkedBlockingQueue<>();
		}
		return this.tasks;
	}

}
