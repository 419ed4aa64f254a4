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
 * @param variance of that time
 * @param usualLatency how long a call usually takes; one that took longer counts more
 */
record Window(long calls, double time, double usual, double useful, double variance, long usualLatency) {

	/** At more than that many times the usual time calls are slow. */
	static final double TOLERANCE = 2.5;

	/** In standard deviations: a few calls that take long by nature are no queue. */
	private static final double DOUBT = 1;

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
		double variance = 0;
		double weighted = 0;
		for (MethodLatency method : methods) {
			long samples = method.close();
			if (samples > 0) {
				calls += samples;
				time += method.time();
				usual += method.usualTime(NOISE);
				useful += method.usefulTime(NOISE);
				variance += method.variance();
				weighted += method.time() * method.usualTime(NOISE) / samples;
			}
		}
		return new Window(calls, time, usual, useful, variance, (long) (weighted / time));
	}

	/**
	 * How many times longer than usual they took.
	 */
	double slowness() {
		return (this.usual > 0) ? this.time / this.usual : 1;
	}

	boolean isSlow() {
		return this.time - DOUBT * Math.sqrt(this.variance) > TOLERANCE * this.usual;
	}

	/**
	 * How long one took.
	 */
	double latency() {
		return this.time / this.calls;
	}

}
