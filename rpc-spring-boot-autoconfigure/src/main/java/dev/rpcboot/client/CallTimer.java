package dev.rpcboot.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes calls at their deadline or after a pause, some milliseconds late at most. Its one
 * thread only passes work on and never runs an application's code. Safe for concurrent
 * use.
 * <p>
 * Nearly every task is cancelled long before it is due. So a task only joins a set, and a
 * tick looks through it: a scheduled executor would keep all of them in order under one
 * lock, and wake its thread for each call that is the only one at the time.
 *
 * @since 0.1
 */
public final class CallTimer implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(CallTimer.class);

	private static final long TICK = Duration.ofMillis(5).toNanos();

	/** Ticks without a task before the thread sleeps until there is one. */
	private static final int IDLE_TICKS = 200;

	private final Set<Task> pending = ConcurrentHashMap.newKeySet();

	private final Thread thread;

	private volatile boolean asleep;

	private volatile boolean closed;

	public CallTimer() {
		this.thread = new Thread(this::run, "rpc-client-timer");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Runs the action after the delay, unless the returned task is cancelled before.
	 * @param action must be quick and must not block
	 * @throws RejectedExecutionException if the timer is closed
	 */
	public Task schedule(Runnable action, Duration delay) {
		Task task = new Task(action, System.nanoTime() + delay.toNanos());
		this.pending.add(task);
		if (this.closed) {
			task.cancel();
			throw new RejectedExecutionException("The timer of calls is closed");
		}
		if (this.asleep) {
			LockSupport.unpark(this.thread);
		}
		return task;
	}

	private void run() {
		int idle = 0;
		while (!this.closed) {
			idle = this.pending.isEmpty() ? idle + 1 : 0;
			if (idle < IDLE_TICKS) {
				LockSupport.parkNanos(this, TICK);
				runDue();
			}
			else {
				sleep();
				idle = 0;
			}
		}
	}

	private void sleep() {
		this.asleep = true;
		// a task that came before the flag was seen
		if (this.pending.isEmpty() && !this.closed) {
			LockSupport.park(this);
		}
		this.asleep = false;
	}

	private void runDue() {
		long now = System.nanoTime();
		for (Task task : this.pending) {
			if (task.dueAt - now <= 0 && this.pending.remove(task)) {
				try {
					task.action.run();
				}
				// an error too, such as that of a pool which gets no thread: others wait
				catch (Throwable ex) {
					logger.error("A call could not be woken", ex);
				}
			}
		}
	}

	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.thread);
	}

	/**
	 * Something that is to happen.
	 */
	public final class Task {

		private final Runnable action;

		private final long dueAt;

		private Task(Runnable action, long dueAt) {
			this.action = action;
			this.dueAt = dueAt;
		}

		/**
		 * Makes it not happen, unless it is happening already.
		 */
		public void cancel() {
			CallTimer.this.pending.remove(this);
		}

	}

}
