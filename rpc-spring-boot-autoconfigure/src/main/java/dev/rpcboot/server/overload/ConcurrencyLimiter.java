package dev.rpcboot.server.overload;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Lets in as many requests at a time as the server can answer without making them wait,
 * and refuses others at once, the less critical ones first: each criticality has a share
 * of the places, and those above it can use its share too. Two bounds are known: one on
 * the requests that hold a thread of the container, and one on all that run. One is found
 * out: on those that began not long ago. Safe for concurrent use, without locks.
 *
 * @since 0.1
 * @see <a href="https://sre.google/sre-book/handling-overload/">Site Reliability
 * Engineering, chapter 21: Handling Overload</a>
 */
public final class ConcurrencyLimiter {

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger onThreads = new AtomicInteger();

	private final AdaptiveLimit limit;

	private final RecentCalls recent = new RecentCalls();

	private final int max;

	private final int threads;

	private final NanoClock clock;

	/**
	 * Creates one.
	 * @param min how many are let in whatever happens, if there are threads for them
	 * @param max how many are let in at most; not less than that
	 * @param threads how many may hold a thread at a time. Below the number of the
	 * container's threads, or requests wait where nobody sees them
	 * @param clock measures how long calls take
	 */
	public ConcurrencyLimiter(int min, int max, int threads, NanoClock clock) {
		this.limit = new AdaptiveLimit(min, max, clock);
		this.max = max;
		this.threads = threads;
		this.clock = clock;
	}

	/**
	 * How many requests may run at a time now.
	 */
	public int limit() {
		return (int) this.limit.limit();
	}

	/**
	 * How many requests run.
	 */
	public int running() {
		return this.running.get();
	}

	/**
	 * Whether a request would be refused now, if it is as critical as that.
	 * @param others requests that hold a thread and are not let in yet
	 */
	public boolean isFull(Criticality criticality, int others) {
		return this.onThreads.get() + others >= threads(criticality) || this.running.get() >= all(criticality)
				|| this.recent.count(this.clock.now()) >= places(criticality);
	}

	/**
	 * Lets a request in, which holds a thread.
	 * @return a place to be given back, or {@code null} if there is none
	 */
	public @Nullable Place enter(Criticality criticality) {
		if (this.onThreads.incrementAndGet() <= threads(criticality)) {
			Place place = enterBeside(criticality);
			if (place != null) {
				return place;
			}
		}
		this.onThreads.decrementAndGet();
		return null;
	}

	/**
	 * Lets a request in, for which another holds a thread.
	 * @return a place to be given back, but for its thread, or {@code null} if there is
	 * none
	 */
	public @Nullable Place enterBeside(Criticality criticality) {
		if (this.running.incrementAndGet() <= all(criticality)) {
			long now = this.clock.now();
			// a few more may come in at the same time, which does not matter
			int recent = this.recent.count(now);
			if (recent < places(criticality)) {
				return new Place(now, recent + 1);
			}
		}
		this.running.decrementAndGet();
		return null;
	}

	/**
	 * Lets a request in that must not be refused.
	 */
	public Place enterAnyway() {
		this.onThreads.incrementAndGet();
		this.running.incrementAndGet();
		long now = this.clock.now();
		return new Place(now, this.recent.count(now) + 1);
	}

	/**
	 * Says that a request has been refused for want of a place.
	 */
	public void refused() {
		this.limit.refused();
	}

	private int threads(Criticality criticality) {
		return Math.min(this.threads, share(criticality, this.threads, this.threads));
	}

	private int all(Criticality criticality) {
		return share(criticality, this.max, this.max);
	}

	private int places(Criticality criticality) {
		return share(criticality, this.limit.limit(), this.limit.cautious());
	}

	private static int share(Criticality criticality, double limit, double cautious) {
		return switch (criticality) {
			case CRITICAL_PLUS -> (int) (1.1 * limit + 1);
			case CRITICAL -> (int) limit;
			case SHEDDABLE_PLUS -> Math.max(1, (int) (0.7 * cautious));
			case SHEDDABLE -> Math.max(1, (int) (0.4 * cautious));
		};
	}

	/**
	 * The place of one request. It is free when all have left who held it.
	 */
	public final class Place {

		private final AtomicInteger holders = new AtomicInteger(1);

		private final long since;

		private final int running;

		private final AtomicReference<@Nullable AtomicInteger> counter;

		private @Nullable MethodLatency method;

		private Place(long since, int running) {
			this.since = since;
			this.running = running;
			this.counter = new AtomicReference<>(ConcurrencyLimiter.this.recent.begin(since));
		}

		/**
		 * Says what is called, before it runs.
		 * @param method one of few
		 */
		public void runs(Object method) {
			this.method = ConcurrencyLimiter.this.limit.latency(method);
			if (this.method.isLong()) {
				runsLong();
			}
		}

		/**
		 * Says that how long it takes will tell nothing, so that it does not count among
		 * those whose number is found out.
		 */
		public void runsLong() {
			AtomicInteger counter = this.counter.getAndSet(null);
			if (counter != null) {
				counter.decrementAndGet();
			}
		}

		/**
		 * Tells how its call ended, for the time that calls take. What was refused or
		 * invalid tells nothing.
		 */
		public void ended(Ending ending) {
			if (this.method != null) {
				long elapsed = ConcurrencyLimiter.this.clock.now() - this.since;
				ConcurrencyLimiter.this.limit.sample(this.method, this.running, elapsed, ending);
			}
		}

		/**
		 * Gives back the thread of the request, which may go on without; once.
		 */
		public void leaveThread() {
			ConcurrencyLimiter.this.onThreads.decrementAndGet();
		}

		/**
		 * Holds it for one more, who has to leave too: a method may run on when its call
		 * has been answered.
		 */
		public void hold() {
			this.holders.incrementAndGet();
		}

		/**
		 * Gives it back; once for each who holds it.
		 */
		public void leave() {
			if (this.holders.decrementAndGet() == 0) {
				ConcurrencyLimiter.this.running.decrementAndGet();
				runsLong();
			}
		}

	}

}
