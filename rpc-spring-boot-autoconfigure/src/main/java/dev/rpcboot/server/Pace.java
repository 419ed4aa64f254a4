package dev.rpcboot.server;

import java.time.Duration;

/**
 * Whether calls of a method take next to no time and are answered in few bytes, so that
 * others may travel with them and wait for them. Safe for concurrent use; a sample that
 * is lost among threads does not matter.
 */
final class Pace {

	/** Calls until it is believed. */
	private static final int FIRST = 20;

	private static final double QUICK = Duration.ofNanos(500_000).toNanos();

	private static final double SMALL = 8 * 1024;

	/**
	 * What takes as long would be noticed by those who wait; below, a thread may just
	 * have had no processor.
	 */
	private static final long SLOW = Duration.ofMillis(5).toNanos();

	/** One slow call in so many is too much. */
	private static final int RARE = 1000;

	private static final double WEIGHT = 1.0 / 32;

	private volatile int calls;

	private volatile double time;

	private volatile double size;

	/** Grows with each slow call as much as it shrinks in so many quick ones. */
	private volatile int slowness;

	/**
	 * Adds a call.
	 * @param elapsed nanoseconds that it took
	 * @param bytes size of its answer
	 */
	void add(long elapsed, int bytes) {
		if (this.calls < FIRST) {
			this.calls++;
		}
		this.time += (Math.min(elapsed, SLOW) - this.time) * WEIGHT;
		this.size += (bytes - this.size) * WEIGHT;
		if (elapsed >= SLOW) {
			this.slowness = Math.min(4 * RARE, this.slowness + RARE);
		}
		else if (this.slowness > 0) {
			this.slowness--;
		}
	}

	/**
	 * Whether it is so.
	 */
	boolean isQuick() {
		return this.calls >= FIRST && this.time < QUICK && this.size < SMALL && this.slowness <= RARE;
	}

}
