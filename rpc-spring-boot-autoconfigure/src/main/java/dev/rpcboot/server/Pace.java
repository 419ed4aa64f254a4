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

	/** The most that a single call makes of the others' time. */
	private static final double OUTLIER = Duration.ofNanos(500_000).toNanos();

	private static final double SMALL = 8 * 1024;

	/**
	 * What takes as long would be noticed by those who wait; below, a thread may just
	 * have had no processor.
	 */
	private static final long SLOW = Duration.ofMillis(5).toNanos();

	/** Share of calls that may come to wait for a slow one. */
	private static final double HELD_UP = 0.005;

	/** For how many calls a slow one is remembered. */
	private static final double MEMORY = 2048;

	private static final double WEIGHT = 1.0 / 16;

	/** Of quick calls one in so many is a sample: threads share what is written here. */
	private static final int SAMPLED = 8;

	private int samples;

	private volatile double time;

	private double size;

	/** Share of calls that are slow. */
	private double slow;

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
			this.slow += (1 - this.slow) / MEMORY;
		}
		// as good as at random
		else if (this.samples >= FIRST && (begin >> 5) % SAMPLED != 0) {
			return;
		}
		else {
			this.slow -= this.slow * SAMPLED / MEMORY;
		}
		this.samples = Math.min(FIRST, this.samples + 1);
		// so that a single one does not make all others slow
		double bounded = Math.min(elapsed, OUTLIER);
		this.time += (bounded - this.time) * ((this.samples == 1) ? 1 : WEIGHT);
		this.size += (((reply.body() != null) ? reply.body().length : 0) - this.size) * WEIGHT;
		boolean quick = this.samples == FIRST && this.size < SMALL;
		this.together = quick ? (int) Math.min(TOGETHER / this.time, HELD_UP / this.slow) : 0;
	}

	/**
	 * How many; 0 or 1 if none. Few if some calls are slow, since each holds up all that
	 * have come with it.
	 * @param threshold none if they usually take as long: they run one after another, and
	 * what waits for something gains more by running beside others than by saving a
	 * message
	 */
	int together(Duration threshold) {
		return (this.time < threshold.toNanos()) ? this.together : 0;
	}

}
