package dev.rpcboot.server.overload;

import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Lets in as many requests at a time as the server can answer without making them wait,
 * and refuses others at once, the less critical ones first: each criticality has a share
 * of the places, and those above it can use its share too. There are two bounds: one on
 * the requests that hold a thread of the container, which is known, and one on all that
 * run, which is found out. Safe for concurrent use, without locks.
 *
 * @since 0.1
 * @see <a href="https://sre.google/sre-book/handling-overload/">Site Reliability
 * Engineering, chapter 21: Handling Overload</a>
 */
public final class ConcurrencyLimiter {

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger onThreads = new AtomicInteger();

	private final AdaptiveLimit limit;

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
	 */
	public boolean isFull(Criticality criticality) {
		return this.running.get() >= places(criticality) || this.onThreads.get() >= threads(criticality);
	}

	/**
	 * Lets a request in, which holds a thread.
	 * @return a place to be given back, or {@code null} if it is refused
	 */
	public @Nullable Place enter(Criticality criticality) {
		if (this.onThreads.incrementAndGet() <= threads(criticality)) {
			int places = places(criticality);
			for (int running = this.running.get(); running < places; running = this.running.get()) {
				if (this.running.compareAndSet(running, running + 1)) {
					return new Place(this.clock.now());
				}
			}
		}
		this.onThreads.decrementAndGet();
		this.limit.refused();
		return null;
	}

	/**
	 * Lets a request in that must not be refused.
	 */
	public Place enterAnyway() {
		this.onThreads.incrementAndGet();
		this.running.incrementAndGet();
		return new Place(this.clock.now());
	}

	/**
	 * Says that a request has been refused elsewhere for want of a place.
	 */
	public void refused() {
		this.limit.refused();
	}

	private int threads(Criticality criticality) {
		return Math.min(this.threads, share(criticality, this.threads, this.threads));
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

		private Place(long since) {
			this.since = since;
		}

		/**
		 * Tells how its call ended, for the time that calls take. What was refused or
		 * invalid tells nothing.
		 * @param method what was called; one of few
		 */
		public void ended(Object method, Ending ending) {
			long elapsed = ConcurrencyLimiter.this.clock.now() - this.since;
			ConcurrencyLimiter.this.limit.sample(method, elapsed, ending);
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
			}
		}

	}

}
