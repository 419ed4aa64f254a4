package dev.rpcboot.server;

import java.time.Duration;

/**
 * How many calls of a method may travel together, because they take next to no time and
 * are answered in few bytes, so that nobody minds waiting for the others. Safe for
 * concurrent use; a sample that is lost among threads does not matter.
 */
final class Pace {

	/** Samples until it is believed. */
	private static final int FIRST = 10;

	/** Time that all of those may take who travel together. */
	private static final double TOGETHER = Duration.ofMillis(1).toNanos();

	private static final double SMALL = 8 * 1024;

	/**
	 * What takes as long would be noticed by those who wait; below, a thread may just
	 * have had no processor.
	 */
	private static final long SLOW = Duration.ofMillis(5).toNanos();

	/** One slow call in so many is too much. */
	private static final int RARE = 250;

	private static final double WEIGHT = 1.0 / 16;

	/** Of quick calls one in so many is a sample: threads share what is written here. */
	private static final int SAMPLED = 8;

	private int samples;

	private double time;

	private double size;

	/** Grows with each slow call as much as it shrinks in so many quick ones. */
	private int slowness;

	private volatile int together;

	/**
	 * Adds a call.
	 * @param begin nanoseconds, when it began
	 * @param end nanoseconds, when it ended
	 * @param reply its answer
	 */
	void add(long begin, long end, CallReply reply) {
		long elapsed = end - begin;
		if (elapsed >= SLOW) {
			this.slowness = Math.min(4 * RARE, this.slowness + RARE);
		}
		// as good as at random
		else if (this.samples >= FIRST && (begin >> 5) % SAMPLED != 0) {
			return;
		}
		else {
			this.slowness = Math.max(0, this.slowness - SAMPLED);
		}
		this.samples = Math.min(FIRST, this.samples + 1);
		this.time += (Math.min(elapsed, SLOW) - this.time) * WEIGHT;
		this.size += (((reply.body() != null) ? reply.body().length : 0) - this.size) * WEIGHT;
		boolean quick = this.samples == FIRST && this.size < SMALL && this.slowness <= RARE;
		this.together = quick ? (int) Math.min(TOGETHER / Math.max(1, this.time), Integer.MAX_VALUE) : 0;
	}

	/**
	 * How many; 0 or 1 if none.
	 */
	int together() {
		return this.together;
	}

}
