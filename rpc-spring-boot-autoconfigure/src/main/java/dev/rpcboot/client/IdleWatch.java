package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Notices that something has been waited for too long. Waits begin and end with every
 * item, so that one task of the timer looks after many of them: it is set again only when
 * it has run. Safe for concurrent use.
 */
final class IdleWatch {

	private final CallTimer timer;

	private final Duration limit;

	private final Runnable action;

	private boolean waiting;

	private long since;

	private CallTimer.@Nullable Task task;

	private boolean closed;

	/**
	 * Creates one.
	 * @param action is run on the timer's thread when a wait has lasted for the limit;
	 * must be quick and must not block
	 */
	IdleWatch(CallTimer timer, Duration limit, Runnable action) {
		this.timer = timer;
		this.limit = limit;
		this.action = action;
	}

	/** Begins a wait, unless one has begun. */
	synchronized void start() {
		if (this.closed || this.waiting) {
			return;
		}
		this.waiting = true;
		this.since = System.nanoTime();
		if (this.task == null) {
			schedule(this.limit);
		}
	}

	/** Ends a wait. */
	synchronized void stop() {
		this.waiting = false;
	}

	/** Ends the watch. */
	synchronized void close() {
		this.closed = true;
		if (this.task != null) {
			this.task.cancel();
			this.task = null;
		}
	}

	private void look() {
		synchronized (this) {
			this.task = null;
			if (this.closed || !this.waiting) {
				return;
			}
			Duration left = this.limit.minusNanos(System.nanoTime() - this.since);
			if (left.compareTo(Duration.ZERO) > 0) {
				schedule(left);
				return;
			}
			this.closed = true;
		}
		this.action.run();
	}

	private void schedule(Duration delay) {
		try {
			this.task = this.timer.schedule(this::look, delay);
		}
		catch (RejectedExecutionException ex) {
			// the application is shutting down, and the transport ends what is under way
			this.closed = true;
		}
	}

}
