package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.Future;

import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the time of a stream's reader: of one that waits, until a heartbeat is due, and
 * of one that takes nothing, until it is given up. Not safe for concurrent use: its
 * stream's lock guards it.
 */
final class ReaderWatch {

	// however close a moment is: the timer serves other streams too
	private static final Duration SHORTEST = Duration.ofMillis(1);

	private final DeadlineTimer timer;

	private final RpcServerSettings.Streams settings;

	private final Runnable look;

	// when the reader asked or, if it does not wait, was given the last piece
	private long since = NanoClock.SYSTEM.now();

	private @Nullable Future<?> next;

	private boolean over;

	/**
	 * Creates one.
	 * @param look is run, without the lock, whenever something may be due
	 */
	ReaderWatch(DeadlineTimer timer, RpcServerSettings.Streams settings, Runnable look) {
		this.timer = timer;
		this.settings = settings;
		this.look = look;
	}

	/** The reader has done something. */
	void restart() {
		this.since = NanoClock.SYSTEM.now();
	}

	/** How long it has done nothing. */
	Duration idle() {
		return Duration.ofNanos(NanoClock.SYSTEM.now() - this.since);
	}

	/** Whether something must be done about a reader that waits, or does not. */
	boolean isDue(boolean waits) {
		return !this.over && idle().compareTo(limit(waits)) >= 0;
	}

	/**
	 * Sees to it that somebody looks again. Not later than the shorter of both times,
	 * because a reader that waits now may not when it has been given something.
	 */
	void lookAgain(boolean waits) {
		if (!this.over) {
			Duration left = limit(waits).minus(idle());
			Duration most = shorter(this.settings.heartbeat(), this.settings.stallTimeout());
			this.next = this.timer.after((left.compareTo(SHORTEST) < 0) ? SHORTEST : shorter(left, most), this.look);
		}
	}

	/** Ends the watch. */
	void stop() {
		this.over = true;
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
	}

	private Duration limit(boolean waits) {
		return waits ? this.settings.heartbeat() : this.settings.stallTimeout();
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

}
