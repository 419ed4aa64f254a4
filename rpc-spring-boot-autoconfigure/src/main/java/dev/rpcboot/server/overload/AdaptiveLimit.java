package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import dev.rpcboot.call.NanoClock;

/**
 * Finds how many calls the server can run at a time without making them wait for each
 * other. It begins with all that are allowed, and needs evidence to let in fewer: calls
 * that have ended and took longer than usual, in two windows of time. Then it is so many
 * as keep the server busy, with as many again to wait (throughput × usual time, by
 * Little's law), and grows from there for as long as calls do not wait much. What is
 * usual is learned per method. If few calls at a time take as long as many did, they do
 * not wait for each other but for something else: letting in fewer does not help, and
 * what is usual is learned anew.
 * <p>
 * Safe for concurrent use; a sample costs a few additions to striped counters, and now
 * and then one thread closes a window of them.
 *
 * @see <a href="https://queue.acm.org/detail.cfm?id=3022184">BBR</a>, which finds the
 * window of a connection in the same way
 */
final class AdaptiveLimit {

	/** At more than that many times the usual time calls are slow. */
	private static final double TOLERANCE = 2.5;

	/** Less critical calls get a share of that many times the best throughput. */
	private static final double CAUTION = 3;

	/** Or of so many. */
	private static final double BURST = 40;

	/** Half of them wait, so that nothing idles and a burst finds room. */
	private static final double GAIN = 2;

	/** At most, and for each window. */
	private static final double GROWTH = 0.1;

	/** What remains of the best throughput after a window that had less. */
	private static final double FADING = 0.8;

	/** In standard deviations: a few calls that take long by nature are no queue. */
	private static final double DOUBT = 2;

	/** Latencies up to this are no waiting: a pause of the process is enough for them. */
	private static final double NOISE = Duration.ofMillis(20).toNanos();

	/** Who takes so long waits for something else. */
	private static final long LONG = Duration.ofSeconds(2).toNanos();

	private static final long MIN_WINDOW = Duration.ofMillis(20).toNanos();

	private static final long MAX_WINDOW = Duration.ofSeconds(1).toNanos();

	private static final int MIN_SAMPLES = 8;

	private static final double SECOND = Duration.ofSeconds(1).toNanos();

	private final int min;

	private final int max;

	private final NanoClock clock;

	private final Map<Object, MethodLatency> methods = new ConcurrentHashMap<>();

	private final LongAdder samples = new LongAdder();

	private final AtomicBoolean closing = new AtomicBoolean();

	private volatile long windowEnd;

	private volatile boolean refusing;

	private volatile double limit;

	private volatile double cautious;

	// of the thread that closes
	private long windowStart;

	private double best;

	private double shrunk;

	private boolean slow;

	// the most calls at a time since they are slow, and how slow they were then
	private double worstSlowness;

	private double worstRunning;

	AdaptiveLimit(int min, int max, NanoClock clock) {
		this.min = min;
		this.max = max;
		this.clock = clock;
		this.limit = max;
		this.cautious = (min == max) ? max : Math.max(BURST, min);
		this.windowStart = clock.now();
		this.shrunk = this.windowStart;
		this.windowEnd = this.windowStart + MIN_WINDOW;
	}

	double limit() {
		return this.limit;
	}

	/**
	 * The limit for calls that may be refused before there is evidence: no more than not
	 * much more than what was done well already.
	 */
	double cautious() {
		return Math.min(this.cautious, this.limit);
	}

	/**
	 * Says that a request was refused.
	 */
	void refused() {
		if (!this.refusing) {
			this.refusing = true;
		}
	}

	/**
	 * Learns from a call that has ended.
	 * @param method what was called
	 * @param elapsed nanoseconds since it was let in
	 * @param failed whether it failed
	 */
	void sample(Object method, long elapsed, boolean failed) {
		if (this.min == this.max || elapsed > LONG) {
			return;
		}
		MethodLatency latency = this.methods.get(method);
		if (latency == null) {
			latency = this.methods.computeIfAbsent(method, (key) -> new MethodLatency());
		}
		if (!latency.add(elapsed, failed)) {
			return;
		}
		this.samples.increment();
		long now = this.clock.now();
		if (isOver(now) && this.closing.compareAndSet(false, true)) {
			try {
				// another thread may have closed it before this one could
				if (isOver(now)) {
					close(now);
				}
			}
			finally {
				this.closing.set(false);
			}
		}
	}

	private boolean isOver(long now) {
		return now - this.windowEnd >= 0 && this.samples.sum() >= MIN_SAMPLES;
	}

	private void close(long now) {
		this.samples.reset();
		boolean refusing = this.refusing;
		this.refusing = false;
		long calls = 0;
		double time = 0;
		double usual = 0;
		double useful = 0;
		double variance = 0;
		double weighted = 0;
		for (MethodLatency method : this.methods.values()) {
			calls += method.close();
			time += method.time();
			usual += method.usualTime(NOISE);
			useful += method.usefulTime(NOISE);
			variance += method.variance();
			weighted += method.time() * method.usualTime(NOISE) / method.samples();
		}
		if (calls == 0) {
			// counted, but not yet added to its method
			return;
		}
		double slowness = time / usual;
		long elapsed = now - this.windowStart;
		double running = time / elapsed;
		// what began under the limit before tells nothing about the one of now
		boolean outdated = this.windowStart - time / calls < this.shrunk;
		this.best = Math.max(useful / elapsed, outdated ? this.best : FADING * this.best);
		boolean before = this.slow;
		this.slow = time - DOUBT * Math.sqrt(variance) > TOLERANCE * usual;
		if (!this.slow) {
			this.worstSlowness = 0;
			grow(slowness, refusing ? GROWTH : Math.max(GROWTH, elapsed / SECOND));
		}
		else if (before && !outdated) {
			if (isHopeless(slowness, running)) {
				reopen();
			}
			else {
				set(Math.min(this.limit, GAIN * this.best));
				this.shrunk = now;
			}
		}
		if (this.slow && slowness > this.worstSlowness) {
			this.worstSlowness = slowness;
			this.worstRunning = running;
		}
		this.cautious = Math.max(Math.max(BURST, this.min), CAUTION * this.best);
		boolean loaded = this.slow || refusing;
		this.methods.values().forEach((method) -> method.learn(elapsed, loaded));
		this.windowStart = now;
		this.windowEnd = now + Math.max(MIN_WINDOW, Math.min(MAX_WINDOW, (long) (weighted / time)));
	}

	/**
	 * The more they wait, the less.
	 */
	private void grow(double slowness, double growth) {
		set(this.limit * (1 + growth * Math.max(0.02, GAIN - slowness)));
	}

	/**
	 * Whether calls are slow although there are fewer: in a queue they would wait less.
	 */
	private boolean isHopeless(double slowness, double running) {
		return (running < 0.7 * this.worstRunning || this.limit <= this.min)
				&& slowness > this.worstSlowness * (1 + running / this.worstRunning) / 2;
	}

	private void reopen() {
		this.methods.values().forEach(MethodLatency::restart);
		this.slow = false;
		this.worstSlowness = 0;
		this.limit = this.max;
	}

	private void set(double limit) {
		this.limit = Math.max(this.min, Math.min(this.max, limit));
	}

}
