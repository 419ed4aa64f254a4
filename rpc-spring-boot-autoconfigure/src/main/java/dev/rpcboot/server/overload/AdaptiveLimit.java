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

	/** So many at a time are let in unless it is they who wait. */
	private static final double FEW = 32;

	/** Of a number, on average: as many as that. */
	private static final double ABOUT = 0.8;

	private static final long MIN_WINDOW = Duration.ofMillis(20).toNanos();

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final int MIN_SAMPLES = 8;

	private final int min;

	private final int max;

	private final NanoClock clock;

	private final Map<Object, MethodLatency> methods = new ConcurrentHashMap<>();

	private final LongAdder samples = new LongAdder();

	/** Calls among which those of the window began. */
	private final LongAdder others = new LongAdder();

	private final AtomicBoolean closing = new AtomicBoolean();

	private final Peak peak;

	private final SlowTime slowTime;

	private volatile long windowEnd;

	private volatile boolean refusing;

	private volatile boolean loaded;

	// when it was looked whether samples come at all
	private volatile long looked;

	private volatile double limit;

	private volatile double cautious;

	// of the thread that closes
	private long windowStart;

	private long shrunk;

	private boolean slow;

	private long samplesBefore;

	// calls at a time, in the last second or so
	private double crowd;

	// calls at a time that the server works at, when it works at most
	private double best;

	AdaptiveLimit(int min, int max, NanoClock clock) {
		this.min = min;
		this.max = max;
		this.clock = clock;
		this.limit = max;
		this.cautious = (min == max) ? max : Math.max(BURST, min);
		this.windowStart = clock.now();
		this.shrunk = this.windowStart;
		this.looked = this.windowStart;
		this.slowTime = new SlowTime(this.windowStart);
		this.peak = new Peak(this.windowStart);
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
		long now = this.clock.now();
		if (now - this.looked >= SECOND && this.closing.compareAndSet(false, true)) {
			try {
				lookForSamples(now);
			}
			finally {
				this.closing.set(false);
			}
		}
	}

	/**
	 * Opens when no call ends that could tell whether that is right.
	 */
	private void lookForSamples(long now) {
		long samples = this.samples.sum();
		if (samples == this.samplesBefore && now - this.looked >= SECOND) {
			set(Math.max(FEW, 2 * this.limit));
		}
		this.samplesBefore = samples;
		this.looked = now;
	}

	/**
	 * The latency of a method; one of few.
	 */
	MethodLatency latency(Object method) {
		MethodLatency latency = this.methods.get(method);
		return (latency != null) ? latency : this.methods.computeIfAbsent(method, (key) -> new MethodLatency());
	}

	/**
	 * Learns from a call that has ended.
	 * @param method what was called
	 * @param running how many ran when it began
	 * @param elapsed nanoseconds since it was let in
	 */
	void sample(MethodLatency method, int running, long elapsed, Ending ending) {
		if (this.min == this.max) {
			return;
		}
		boolean isLong = elapsed > RecentCalls.LONG;
		if (isLong && !this.loaded) {
			method.tookLong();
		}
		// in a long queue all calls take long that usually do not
		if (isLong && !(this.loaded && method.isUsuallyShort())) {
			return;
		}
		if (!method.add(elapsed, ending)) {
			return;
		}
		if (method.isSoon(elapsed, Window.NOISE)) {
			this.peak.saw(running);
		}
		this.samples.increment();
		this.others.add(running);
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
		long samples = this.samples.sumThenReset();
		double others = (double) this.others.sumThenReset() / Math.max(1, samples);
		boolean refusing = this.refusing;
		this.refusing = false;
		Window window = Window.of(this.methods.values());
		if (window.calls() == 0) {
			// counted, but not yet added to its method
			return;
		}
		this.samplesBefore = 0;
		this.looked = now;
		long elapsed = now - this.windowStart;
		// who is given up runs on
		double running = Math.max(window.time() / elapsed, window.isCutShort() ? others : 0);
		this.crowd += (running - this.crowd) * Math.min(1, (double) elapsed / SECOND);
		adapt(window, running, elapsed, refusing, now);
		this.cautious = Math.max(Math.max(BURST, this.min), CAUTION * this.best);
		this.loaded = refusing || this.slow;
		boolean few = !refusing && Math.max(running, this.crowd) < ABOUT * FEW;
		Load load = few ? Load.LOW : this.loaded ? Load.HIGH : Load.NORMAL;
		this.methods.values().forEach((method) -> method.learn(elapsed, load));
		this.windowStart = now;
		this.windowEnd = now + Math.max(MIN_WINDOW, Math.min(SECOND, window.usualLatency()));
	}

	private void adapt(Window window, double running, long elapsed, boolean refusing, long now) {
		double throughput = window.useful() / elapsed;
		// what began under the limit before tells nothing about the one of now
		boolean outdated = this.windowStart - window.latency() < this.shrunk;
		// a pause makes calls slow too, but fewer end
		boolean busy = this.slow || throughput >= FADING * this.best;
		this.best = Math.max(throughput, outdated ? this.best : FADING * this.best);
		this.slow = window.isSlow();
		double served = Math.max(FEW, this.peak.close(this.slow, now));
		if (!this.slow) {
			this.slowTime.end();
			grow(window.slowness(), refusing ? GROWTH : Math.max(GROWTH, (double) elapsed / SECOND));
			return;
		}
		this.slowTime.sees(window, now);
		if (busy && !outdated) {
			shrink(window.slowness(), running, served, now);
		}
		if (this.slow) {
			this.slowTime.remember(window.slowness(), running);
		}
	}

	private void grow(double slowness, double growth) {
		set(this.limit * (1 + growth * Math.max(PROBE, GAIN - slowness)));
	}

	private void shrink(double slowness, double running, double served, long now) {
		if (this.slowTime.isHopeless(slowness, running, this.limit <= this.min, now)) {
			this.methods.values().forEach(MethodLatency::restart);
			this.slow = false;
			this.limit = this.max;
			this.slowTime.end();
		}
		else {
			// what was served tells nothing of as many that wait
			boolean many = this.limit < served || this.crowd >= ABOUT * served;
			double enough = many ? GAIN * this.best : Math.max(served, GAIN * this.best);
			// calls end in lumps: the best of some windows is more than the server can do
			double less = many ? Math.max(this.best, FADING * this.limit) : this.limit;
			set(Math.min(this.limit, (this.limit > enough) ? enough : less));
			this.shrunk = now;
		}
	}

	private void set(double limit) {
		this.limit = Math.max(this.min, Math.min(this.max, limit));
	}

}
