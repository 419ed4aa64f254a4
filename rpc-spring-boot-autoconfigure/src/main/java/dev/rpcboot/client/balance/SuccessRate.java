package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many of the calls of the last ten seconds failed. Safe for concurrent use, without
 * locks.
 */
final class SuccessRate {

	private static final int SECONDS = 10;

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	/** Fewer outcomes say nothing. */
	private static final int ENOUGH = 20;

	private static final int BITS = 20;

	private static final long COUNT = (1 << BITS) - 1;

	/**
	 * One for each second: which one it is in the highest bits, then the failures, then
	 * all outcomes.
	 */
	private final AtomicLongArray seconds = new AtomicLongArray(SECONDS);

	void add(boolean success, long now) {
		long second = second(now);
		int index = (int) (second % SECONDS);
		long before;
		long after;
		do {
			before = this.seconds.get(index);
			long counts = (stamp(before) == stampOf(second)) ? before : stampOf(second) << (2 * BITS);
			// so many in a second that more would not change the rate
			after = ((counts & COUNT) == COUNT) ? counts : counts + 1 + (success ? 0 : 1L << BITS);
		}
		while (!this.seconds.compareAndSet(index, before, after));
	}

	/**
	 * Whether fewer than half of them succeeded, and there were enough to tell.
	 */
	boolean isLow(long now) {
		long second = second(now);
		long failures = 0;
		long all = 0;
		for (int i = 0; i < SECONDS; i++) {
			long counts = this.seconds.get(i);
			long age = (stampOf(second) - stamp(counts)) & stampMask();
			if (age < SECONDS) {
				failures += (counts >>> BITS) & COUNT;
				all += counts & COUNT;
			}
		}
		return all >= ENOUGH && failures * 2 > all;
	}

	void reset() {
		for (int i = 0; i < SECONDS; i++) {
			this.seconds.set(i, 0);
		}
	}

	private static long second(long now) {
		// the clock's origin is arbitrary, and may lie in the future
		return Math.floorDiv(now, SECOND) - Math.floorDiv(Long.MIN_VALUE, SECOND);
	}

	private static long stampOf(long second) {
		return second & stampMask();
	}

	private static long stamp(long counts) {
		return counts >>> (2 * BITS);
	}

	private static long stampMask() {
		return (1L << (Long.SIZE - 2 * BITS)) - 1;
	}

}
