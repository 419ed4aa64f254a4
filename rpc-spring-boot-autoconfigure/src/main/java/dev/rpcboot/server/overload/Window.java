package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.Collection;

/**
 * What was seen of all calls that ended in some span of time, in nanoseconds.
 *
 * @param calls how many ended
 * @param time how long they took
 * @param usual how long they usually would have taken
 * @param useful how long those usually take that did their work
 * @param givenUp how many were given up
 * @param variance of that time
 * @param usualLatency how long a call usually takes; one that took longer counts more
 */
record Window(long calls, double time, double usual, double useful, long givenUp, double variance, long usualLatency) {

	/** At more than that many times the usual time calls are slow. */
	static final double TOLERANCE = 2.5;

	/** In standard deviations: a few calls that take long by nature are no queue. */
	private static final double DOUBT = 1;

	private static final double FEW_GIVEN_UP = 0.1;

	private static final double MOST_GIVEN_UP = 0.5;

	/** Latencies up to this are no waiting: a pause of the process is enough for them. */
	static final double NOISE = Duration.ofMillis(20).toNanos();

	/**
	 * Closes the windows of the methods.
	 */
	static Window of(Collection<MethodLatency> methods) {
		long calls = 0;
		double time = 0;
		double usual = 0;
		double useful = 0;
		long givenUp = 0;
		double variance = 0;
		double weighted = 0;
		for (MethodLatency method : methods) {
			long samples = method.close();
			if (samples > 0) {
				calls += samples;
				time += method.time();
				usual += method.usualTime(NOISE);
				useful += method.usefulTime(NOISE);
				givenUp += method.givenUp();
				variance += method.variance();
				weighted += method.time() * method.usualTime(NOISE) / samples;
			}
		}
		return new Window(calls, time, usual, useful, givenUp, variance, (long) (weighted / time));
	}

	/**
	 * How many times longer than usual they took.
	 */
	double slowness() {
		return (this.usual > 0) ? this.time / this.usual : 1;
	}

	/**
	 * Whether calls take longer than usual, or most were given up: their callers may have
	 * less time than it takes to see the former.
	 */
	boolean isSlow() {
		return this.givenUp > MOST_GIVEN_UP * this.calls
				|| this.time - DOUBT * Math.sqrt(this.variance) > TOLERANCE * this.usual;
	}

	/**
	 * Whether nobody knows how slow calls are, because many were given up before they
	 * ended.
	 */
	boolean isCutShort() {
		return this.givenUp > FEW_GIVEN_UP * this.calls;
	}

	/**
	 * How long one took.
	 */
	double latency() {
		return this.time / this.calls;
	}

}
