package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import dev.rpcboot.call.NanoClock;

/**
 * Finds how many calls the server can run at a time without making them wait, from the
 * time that they take: if they take longer than usual by more than the tolerance, they
 * wait for each other, and fewer are let in; if they do not, and all places were used,
 * more are. A limit that is not used comes back near to what is, so that a sudden load
 * does not find a limit that was never tried. What is usual is learned per method and
 * while the server is not loaded, and anew if the smallest limit does not bring it back:
 * then something else has become slow, and letting in fewer does not help.
 * <p>
 * Safe for concurrent use; a sample costs two additions to striped counters, and now and
 * then one thread closes a window of them.
 *
 * @see <a href="https://github.com/Netflix/concurrency-limits">Netflix
 * concurrency-limits</a>, from which the gradient is
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7661">RFC 7661</a>, on a limit that is
 * not used
 */
final class AdaptiveLimit {

	/**
	 * More than twice the usual time, so that half of it is waiting: then nothing idles,
	 * there is room for a burst, and what is let in still is in time.
	 */
	private static final double TOLERANCE = 2.5;

	/** From here on it is not a burst that passes. */
	private static final double HARD = 1.5 * TOLERANCE;

	/** Latencies up to this are no waiting, but noise. */
	private static final double NOISE = Duration.ofMillis(5).toNanos();

	private static final long MIN_WINDOW = Duration.ofMillis(20).toNanos();

	private static final long MAX_WINDOW = Duration.ofSeconds(1).toNanos();

	private static final int MIN_SAMPLES = 8;

	/** In standard deviations. */
	private static final double DOUBT = 2;

	/** Where an unused limit comes to rest: enough for a burst. */
	private static final int REST = 24;

	private static final int MANY = REST / 2;

	/** While nothing is known. */
	private static final int INITIAL = 2 * REST;

	/**
	 * Or what one worker gets done in that time: after a pause of the whole process calls
	 * come in heaps, and refusing short ones would do more harm than their waiting.
	 */
	private static final double SHORT_WAIT = Duration.ofSeconds(1).toNanos();

	private static final double REST_TIME = Duration.ofSeconds(5).toNanos();

	private static final double LEARNING_TIME = Duration.ofSeconds(30).toNanos();

	private static final int HOPELESS = 2;

	private final int min;

	private final int max;

	private final NanoClock clock;

	private final Map<Object, MethodLatency> methods = new ConcurrentHashMap<>();

	private final LongAdder samples = new LongAdder();

	private final LongAdder failures = new LongAdder();

	private final AtomicBoolean closing = new AtomicBoolean();

	private volatile long windowEnd;

	private volatile int peak;

	private volatile boolean refusing;

	private volatile double limit;

	// of the thread that closes
	private long windowStart;

	private int hopeless;

	private boolean shrinking;

	// up to here it may grow fast
	private double known;

	AdaptiveLimit(int min, int max, NanoClock clock) {
		this.min = min;
		this.max = max;
		this.clock = clock;
		this.limit = Math.max(min, Math.min(max, INITIAL));
		this.known = max;
		this.windowStart = clock.now();
		this.windowEnd = this.windowStart + MIN_WINDOW;
	}

	double limit() {
		return this.limit;
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
	 * @param running how many ran when it was let in, itself included
	 */
	void sample(Object method, long elapsed, boolean failed, int running) {
		if (this.min == this.max) {
			// there is nothing to find out
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
		// racing threads may lose a peak to one that is almost as high
		if (running > this.peak) {
			this.peak = running;
		}
		if (failed) {
			this.failures.increment();
		}
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
		long calls = this.samples.sumThenReset();
		boolean failing = 2 * this.failures.sumThenReset() > calls;
		int peak = this.peak;
		this.peak = 0;
		boolean refusing = this.refusing;
		this.refusing = false;
		double time = 0;
		double usual = 0;
		double variance = 0;
		for (MethodLatency method : this.methods.values()) {
			if (method.close() > 0) {
				time += method.time();
				usual += method.usualTime(NOISE);
				variance += method.variance();
			}
		}
		if (!(usual > 0)) {
			// counted, but not yet added to its method
			return;
		}
		double slowness = time / usual;
		// a few calls that take long by nature are no queue
		boolean slow = time - DOUBT * Math.sqrt(variance) > TOLERANCE * usual;
		boolean loaded = slow ? slow(peak, slowness, failing)
				: notSlow(peak, slowness, usual / calls, now - this.windowStart) || refusing;
		double weight = Math.min(1, (now - this.windowStart) / LEARNING_TIME);
		// what many calls at a time take may be the beginning of a queue
		double slowerWeight = loaded ? 0 : (peak < MANY) ? weight : weight / 20;
		this.methods.values().forEach((method) -> method.learn(weight, slowerWeight));
		this.windowStart = now;
		this.windowEnd = now + Math.max(MIN_WINDOW, Math.min(MAX_WINDOW, (long) (time / calls)));
	}

	/**
	 * Makes the limit fit a window.
	 * @return whether the server is loaded
	 */
	private boolean slow(int peak, double slowness, boolean failing) {
		double limit = this.limit;
		if (peak > 1.2 * limit + 2) {
			// so many were let in under a higher limit, and have to leave first
			return true;
		}
		if (peak < MANY && 2 * peak + 2 < limit) {
			// so few do not wait for each other
			return false;
		}
		if (limit <= this.min && !failing && ++this.hopeless >= HOPELESS) {
			this.hopeless = 0;
			this.known = this.max;
			this.methods.values().forEach(MethodLatency::restart);
			return true;
		}
		set(Math.min(limit, peak) * ((slowness < HARD) ? 0.75 + 0.25 * TOLERANCE / slowness : 0.6));
		if (!this.shrinking) {
			this.shrinking = true;
			this.known = this.limit;
		}
		return true;
	}

	private boolean notSlow(int peak, double slowness, double usual, long elapsed) {
		double limit = this.limit;
		this.hopeless = 0;
		boolean full = peak >= 0.9 * limit;
		// half of it is all that the least critical calls can use
		boolean free = 2 * peak + 2 >= limit && slowness < 1.25;
		if ((full || free) && slowness < TOLERANCE) {
			this.shrinking = false;
			boolean fast = slowness < 1.25 && limit < this.known;
			set(fast ? Math.min(2 * limit, this.known) : limit + Math.sqrt(limit) / 2);
		}
		if (!full && !free) {
			double rest = Math.max(Math.max(REST, 2.0 * peak), SHORT_WAIT / usual);
			set(limit + (rest - limit) * Math.min(1, elapsed / REST_TIME));
			this.known = this.max;
		}
		return full || free;
	}

	private void set(double limit) {
		this.limit = Math.max(this.min, Math.min(this.max, limit));
	}

}
