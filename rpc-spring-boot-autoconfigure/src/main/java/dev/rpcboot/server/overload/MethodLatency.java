package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long the calls of one method take: what was measured in the window that is open,
 * and what is usual when the server is not loaded. Samples may come from any thread; the
 * rest belongs to the one that closes the window.
 */
final class MethodLatency {

	private static final int FIRST = 20;

	/** What is faster is believed soon: then nothing waits. */
	private static final double FASTER = Duration.ofSeconds(5).toNanos();

	/** What is slower may be the beginning of a queue. */
	private static final double SLOWER = Duration.ofMinutes(5).toNanos();

	private static final double LONG_WEIGHT = 0.1;

	private final LongAdder count = new LongAdder();

	private final LongAdder givenUp = new LongAdder();

	private final DoubleAdder sum = new DoubleAdder();

	private final DoubleAdder squares = new DoubleAdder();

	// not a number until something is known
	private volatile double usual = Double.NaN;

	// of calls too long to be a sample; one that is lost among threads does not matter
	private volatile double longShare;

	private int learned;

	private long samples;

	private long finished;

	private double mean;

	private double variance;

	/**
	 * Adds a sample. A call that failed sooner than others are answered tells nothing.
	 * @return whether it counts
	 */
	boolean add(long elapsed, Ending ending) {
		if (ending != Ending.DONE && !(elapsed >= this.usual)) {
			return false;
		}
		if (ending == Ending.GIVEN_UP) {
			this.givenUp.increment();
		}
		if (this.longShare > 0.01) {
			this.longShare *= 1 - LONG_WEIGHT;
		}
		this.sum.add(elapsed);
		this.squares.add((double) elapsed * elapsed);
		this.count.increment();
		return true;
	}

	/**
	 * Says that a call took too long to be a sample.
	 */
	void tookLong() {
		this.longShare += (1 - this.longShare) * LONG_WEIGHT;
	}

	/**
	 * Whether calls usually take too long to be samples.
	 */
	boolean isLong() {
		return this.longShare > 0.5;
	}

	/**
	 * Whether it is known that calls take much less than what is too long.
	 */
	boolean isUsuallyShort() {
		return this.usual < RecentCalls.LONG / 4.0 && !isLong();
	}

	/**
	 * Whether a call did not wait longer than it worked.
	 */
	boolean isSoon(long elapsed, double noise) {
		return elapsed <= 2 * Math.max(this.usual, noise);
	}

	/**
	 * Closes the window.
	 * @return how many samples it has
	 */
	long close() {
		this.samples = this.count.sumThenReset();
		this.finished = Math.max(0, this.samples - this.givenUp.sumThenReset());
		double sum = this.sum.sumThenReset();
		double squares = this.squares.sumThenReset();
		this.mean = (this.samples > 0) ? sum / this.samples : 0;
		this.variance = Math.max(0, squares - sum * this.mean);
		if (this.samples > 0 && Double.isNaN(this.usual)) {
			this.usual = this.mean;
		}
		return this.samples;
	}

	/**
	 * Time of all calls of the closed window.
	 */
	double time() {
		return this.samples * this.mean;
	}

	/**
	 * The time they would have taken if they had been as usual, or as fast as they were.
	 * @param noise latencies that nobody minds
	 */
	double usualTime(double noise) {
		return this.samples * Math.min(this.mean, Math.max(this.usual, noise));
	}

	/**
	 * The time usual for those that finished.
	 */
	double usefulTime(double noise) {
		return this.finished * Math.max(this.usual, noise);
	}

	/**
	 * How many of those calls were given up.
	 */
	long givenUp() {
		return this.samples - this.finished;
	}

	/**
	 * Variance of the time of all those calls.
	 */
	double variance() {
		return this.variance;
	}

	/**
	 * Learns from the closed window what is usual. The first few windows weigh more: a
	 * process that has just started is slow, and a first call may have found nothing.
	 * @param elapsed nanoseconds that the window was open
	 */
	void learn(long elapsed, Load load) {
		boolean faster = this.mean <= this.usual;
		boolean early = this.learned < FIRST && (faster || load == Load.LOW);
		boolean slow = load == Load.HIGH || this.mean > Window.TOLERANCE * this.usual;
		if (this.samples == 0 || (slow && !faster && !early)) {
			return;
		}
		this.learned++;
		double weight = early ? 0.5 : Math.min(1, elapsed / (faster ? FASTER : SLOWER));
		this.usual += (this.mean - this.usual) * weight;
	}

	/**
	 * Takes the closed window for what is usual.
	 */
	void restart() {
		if (this.samples > 0) {
			this.usual = this.mean;
			this.learned = 1;
		}
	}

}
