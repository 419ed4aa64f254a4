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
 * that have ended and took longer than usual. Then it is so many as keep the server busy,
 * by Little's law (throughput × usual time), and as many again to wait. It grows for as
 * long as calls wait less than that. What is usual is learned per method. If fewer calls
 * at a time take as long as many did, they do not wait for each other but for something
 * else; letting in fewer does not help, and what is usual is learned anew.
 * <p>
 * Safe for concurrent use; a sample costs a few additions to striped counters, and now
 * and then one thread closes a window of them.
 *
 * @see <a href="https://queue.acm.org/detail.cfm?id=3022184">BBR</a>, which finds the
 * window of a connection in the same way
 */
final class AdaptiveLimit {

	/** Half of the calls may wait: so nothing idles, and a burst finds room. */
	private static final double GAIN = 2;

	/** At most, and for each window. */
	private static final double GROWTH = 0.1;

	/** Of that, when calls wait enough: to find out whether they wait for each other. */
	private static final double PROBE = 0.02;

	/** What remains of the best throughput after a window that had less. */
	private static final double FADING = 0.9;

	/** Less critical calls get a share of that many times what is known to go well. */
	private static final double CAUTION = 3;

	/** Or of so many. */
	private static final double BURST = 40;

	/** In windows, for one may be chance. */
	private static final int HOPELESS = 3;

	/** Who takes so long waits for something else. */
	private static final long LONG = Duration.ofSeconds(2).toNanos();

	private static final long MIN_WINDOW = Duration.ofMillis(20).toNanos();

	private static final long MAX_WINDOW = Duration.ofSeconds(1).toNanos();

	private static final double SECOND = Duration.ofSeconds(1).toNanos();

	private static final int MIN_SAMPLES = 8;

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

	private long shrunk;

	private boolean slow;

	// calls at a time that the server works at, when it works at most
	private double best;

	// how slow it was at the slowest, and at how many calls at a time
	private double worstSlowness;

	private double worstRunning;

	private int hopeless;

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
	 * The limit for calls that may be refused without evidence: not much more than is
	 * known to go well.
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
	 */
	void sample(Object method, long elapsed, Ending ending) {
		if (this.min == this.max || elapsed > LONG) {
			return;
		}
		MethodLatency latency = this.methods.get(method);
		if (latency == null) {
			latency = this.methods.computeIfAbsent(method, (key) -> new MethodLatency());
		}
		if (!latency.add(elapsed, ending)) {
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
		Window window = Window.of(this.methods.values());
		if (window.calls() == 0) {
			// counted, but not yet added to its method
			return;
		}
		long elapsed = now - this.windowStart;
		adapt(window, elapsed, refusing, now);
		this.cautious = Math.max(Math.max(BURST, this.min), CAUTION * this.best);
		boolean loaded = this.slow || refusing;
		this.methods.values().forEach((method) -> method.learn(elapsed, loaded));
		this.windowStart = now;
		this.windowEnd = now + Math.max(MIN_WINDOW, Math.min(MAX_WINDOW, window.usualLatency()));
	}

	private void adapt(Window window, long elapsed, boolean refusing, long now) {
		double throughput = window.useful() / elapsed;
		// what began under the limit before tells nothing about the one of now
		boolean outdated = this.windowStart - window.latency() < this.shrunk;
		// a pause makes calls slow too, but fewer end
		boolean busy = this.slow || throughput >= FADING * this.best;
		this.best = Math.max(throughput, outdated ? this.best : FADING * this.best);
		this.slow = window.isSlow();
		if (!this.slow) {
			forget();
			grow(window.slowness(), refusing ? GROWTH : Math.max(GROWTH, elapsed / SECOND));
			return;
		}
		double running = window.time() / elapsed;
		if (busy && !outdated) {
			shrink(window.slowness(), running, now);
		}
		if (this.slow && window.slowness() > this.worstSlowness) {
			this.worstSlowness = window.slowness();
			this.worstRunning = running;
		}
	}

	private void grow(double slowness, double growth) {
		set(this.limit * (1 + growth * Math.max(PROBE, GAIN - slowness)));
	}

	private void shrink(double slowness, double running, long now) {
		boolean fewer = running < 0.7 * this.worstRunning || this.limit <= this.min;
		// in a queue, fewer would wait less
		if (fewer && slowness > this.worstSlowness * (1 + running / this.worstRunning) / 2
				&& ++this.hopeless >= HOPELESS) {
			this.methods.values().forEach(MethodLatency::restart);
			this.slow = false;
			this.limit = this.max;
			forget();
		}
		else {
			set(Math.min(this.limit, GAIN * this.best));
			this.shrunk = now;
		}
	}

	private void forget() {
		this.worstSlowness = 0;
		this.worstRunning = 0;
		this.hopeless = 0;
	}

	private void set(double limit) {
		this.limit = Math.max(this.min, Math.min(this.max, limit));
	}

}
