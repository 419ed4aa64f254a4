package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.Deadline;

/**
 * Does things when deadlines pass: one thread keeps time, and a few others, which exist
 * while they are needed, do what follows. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class DeadlineTimer implements AutoCloseable {

	private static final int FOLLOWERS = 4;

	// containers look after their own timeouts about once a second, which is too coarse
	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
			(task) -> daemon(task, "rpc-server-deadline"));

	// with a queue: the pool of the calls may be full of those that are late
	private final ThreadPoolExecutor followers = new ThreadPoolExecutor(FOLLOWERS, FOLLOWERS, 10, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), (task) -> daemon(task, "rpc-server-late"));

	public DeadlineTimer() {
		this.timer.setRemoveOnCancelPolicy(true);
		this.followers.allowCoreThreadTimeOut(true);
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Runs a task when the deadline passes, if it is not cancelled before.
	 */
	public Future<?> at(Deadline deadline, Runnable task) {
		return this.timer.schedule(() -> this.followers.execute(task), deadline.remainingNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Runs a task after some time, if it is not cancelled before.
	 */
	Future<?> after(Duration time, Runnable task) {
		return this.timer.schedule(() -> this.followers.execute(task), time.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
		this.followers.shutdown();
	}

}
