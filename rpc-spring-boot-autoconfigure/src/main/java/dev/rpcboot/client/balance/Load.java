package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * How slow and how busy an instance is: its latency as a peak-sensitive moving average,
 * of which a rise is taken at once and a fall decays, and how many calls it has not
 * answered yet. Safe for concurrent use, without locks.
 *
 * @see <a href=
 * "https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/">Peak
 * EWMA, as in Finagle</a>
 */
final class Load {

	/** The latency of an instance that has answered nothing yet. */
	static final double UNKNOWN = -1;

	private static final double DECAY = Duration.ofSeconds(10).toNanos();

	/**
	 * An instance that was slow is passed over, and so could not show for long that it is
	 * not any more. After that time without a call it may be tried; what is heard then
	 * replaces what was known.
	 */
	private static final long SILENCE = Duration.ofMillis(2500).toNanos();

	private final AtomicInteger outstanding = new AtomicInteger();

	private final AtomicReference<@Nullable Sample> latest = new AtomicReference<>();

	private volatile long chosenAt;

	private volatile @Nullable Long warmFrom;

	private volatile boolean met;

	Load(long now) {
		this.chosenAt = now;
	}

	void begin(long now) {
		this.chosenAt = now;
		this.outstanding.incrementAndGet();
	}

	void end() {
		this.outstanding.decrementAndGet();
	}

	int outstanding() {
		return this.outstanding.get();
	}

	/**
	 * Whether it was passed over for so long that it should be tried.
	 */
	boolean isForgotten(long now) {
		return now - this.chosenAt > SILENCE;
	}

	/**
	 * Takes the latency of an answer into account, but not of the first one: it paid for
	 * the connection and for code that had never run.
	 * @param latency in nanoseconds
	 * @return whether it was taken
	 */
	boolean observe(long latency, long now) {
		if (!this.met) {
			this.met = true;
			return false;
		}
		take(latency, now);
		return true;
	}

	/**
	 * Takes it that the instance looks that slow at least, in nanoseconds.
	 */
	void observeFailure(double latency, long now) {
		this.met = true;
		take(latency, now);
	}

	/**
	 * Takes it that an answer would have taken longer than this, in nanoseconds.
	 */
	void observeAtLeast(double latency, long now) {
		if (this.met && latency > latency(now)) {
			take(latency, now);
		}
	}

	private void take(double latency, long now) {
		Sample before;
		Sample after;
		do {
			before = this.latest.get();
			after = new Sample(average(before, latency, now), now);
		}
		while (!this.latest.compareAndSet(before, after));
	}

	private static double average(@Nullable Sample before, double latency, long now) {
		if (before == null || latency >= before.latency() || now - before.at() > SILENCE) {
			return latency;
		}
		double weight = Math.exp(-(now - before.at()) / DECAY);
		return before.latency() * weight + latency * (1 - weight);
	}

	/**
	 * The latency to reckon with, in nanoseconds, or {@link #UNKNOWN}.
	 */
	double latency(long now) {
		Sample sample = this.latest.get();
		return (sample != null) ? sample.latency() * Math.exp(-(now - sample.at()) / DECAY) : UNKNOWN;
	}

	/**
	 * Begins to warm up: the instance is new.
	 */
	void warmUp(long now) {
		this.warmFrom = now;
	}

	/**
	 * Which part of its full share it is given: from a tenth to all.
	 */
	double share(Duration warmUp, long now) {
		Long from = this.warmFrom;
		if (from == null) {
			return 1;
		}
		long age = now - from;
		if (age >= warmUp.toNanos()) {
			this.warmFrom = null;
			return 1;
		}
		return Math.max(0.1, (double) age / warmUp.toNanos());
	}

	/**
	 * What the latency was.
	 *
	 * @param latency in nanoseconds
	 * @param at when
	 */
	private record Sample(double latency, long at) {
	}

}
