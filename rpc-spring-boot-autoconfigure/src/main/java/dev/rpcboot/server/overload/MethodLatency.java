package dev.rpcboot.server.overload;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long the calls of one method take: what was measured in the window that is open,
 * and what is usual when the server is not loaded. Samples may come from any thread; the
 * rest belongs to the one that closes the window.
 */
final class MethodLatency {

	private static final int FIRST = 20;

	private final LongAdder count = new LongAdder();

	private final DoubleAdder sum = new DoubleAdder();

	private final DoubleAdder squares = new DoubleAdder();

	// not a number until something is known
	private volatile double usual = Double.NaN;

	private int learned;

	private long samples;

	private double mean;

	private double spread;

	/**
	 * Adds a sample. A call that failed sooner than others are answered tells nothing.
	 * @return whether it counts
	 */
	boolean add(long elapsed, boolean failed) {
		if (failed && !(elapsed >= this.usual)) {
			return false;
		}
		this.sum.add(elapsed);
		this.squares.add((double) elapsed * elapsed);
		this.count.increment();
		return true;
	}

	/**
	 * Closes the window.
	 * @return how many samples it has
	 */
	long close() {
		this.samples = this.count.sumThenReset();
		double sum = this.sum.sumThenReset();
		double squares = this.squares.sumThenReset();
		if (this.samples > 0) {
			this.mean = sum / this.samples;
			this.spread = Math.max(0, squares - sum * this.mean);
			if (Double.isNaN(this.usual)) {
				this.usual = this.mean;
			}
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
	 * Variance of the time of all those calls.
	 */
	double variance() {
		return this.spread;
	}

	/**
	 * Learns from the closed window what is usual. The first few windows weigh more, and
	 * most of all if they are faster: a process that has just started is slow.
	 * @param weight of the window, up to 1, if it was faster than usual
	 * @param slowerWeight of the window if it was slower; 0 if it is not to be learned
	 */
	void learn(double weight, double slowerWeight) {
		if (this.samples > 0 && this.mean <= this.usual) {
			this.learned++;
			this.usual += (this.mean - this.usual) * Math.max(weight, (this.learned < FIRST) ? 0.5 : 0);
		}
		else if (this.samples > 0 && slowerWeight > 0) {
			this.learned++;
			this.usual += (this.mean - this.usual) * Math.max(slowerWeight, 1.0 / this.learned);
		}
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
