package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Wakes calls at their deadline or after a backoff. Its one thread only passes work on
 * and never runs an application's code. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class CallTimer implements AutoCloseable {

	private final ScheduledThreadPoolExecutor scheduler;

	public CallTimer() {
		this.scheduler = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "rpc-client-timer");
			thread.setDaemon(true);
			return thread;
		});
		// most calls end long before their deadline; their tasks must not pile up
		this.scheduler.setRemoveOnCancelPolicy(true);
		this.scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	/**
	 * Runs the task after the delay, unless the returned future is cancelled before.
	 * @param task must be quick and must not block
	 */
	public Future<?> schedule(Runnable task, Duration delay) {
		return this.scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void close() {
		this.scheduler.shutdownNow();
	}

}
