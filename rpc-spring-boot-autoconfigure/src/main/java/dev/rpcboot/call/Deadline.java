package dev.rpcboot.call;

import java.time.Duration;

/**
 * The moment after which nobody waits for a call any more. It is kept as a point of a
 * monotonic clock and crosses the wire as the time left, so that the clocks of two
 * machines need not agree. Immutable.
 *
 * @since 0.1
 */
public final class Deadline implements Comparable<Deadline> {

	private final NanoClock clock;

	private final Duration time;

	private final long expiresAt;

	private Deadline(NanoClock clock, Duration time) {
		this.clock = clock;
		this.time = time;
		this.expiresAt = clock.now() + time.toNanos();
	}

	/**
	 * A deadline that passes after the given time.
	 */
	public static Deadline after(Duration time, NanoClock clock) {
		return new Deadline(clock, time);
	}

	/**
	 * The time that was given at first.
	 */
	public Duration time() {
		return this.time;
	}

	/**
	 * Time left, never negative.
	 */
	public Duration remaining() {
		return Duration.ofNanos(remainingNanos());
	}

	/**
	 * Time left in nanoseconds, never negative.
	 */
	public long remainingNanos() {
		return Math.max(0, this.expiresAt - this.clock.now());
	}

	/**
	 * Whether the moment has passed.
	 */
	public boolean isExpired() {
		return this.expiresAt - this.clock.now() <= 0;
	}

	/**
	 * The earlier of the two.
	 */
	public Deadline earlier(Deadline other) {
		return (compareTo(other) <= 0) ? this : other;
	}

	@Override
	public int compareTo(Deadline other) {
		// nanosecond clocks may wrap, so only differences are meaningful
		return Long.signum(this.expiresAt - other.expiresAt);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Deadline that && this.expiresAt == that.expiresAt;
	}

	@Override
	public int hashCode() {
		return Long.hashCode(this.expiresAt);
	}

	@Override
	public String toString() {
		return "Deadline in " + remaining().toMillis() + "ms";
	}

}
