package dev.rpcboot.server.overload;

import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Lets in as many requests at a time as the server can answer without making them wait,
 * and refuses others at once, the less critical ones first: each criticality has a share
 * of the places, and those above it can use its share too. Safe for concurrent use,
 * without locks.
 *
 * @since 0.1
 * @see <a href="https://sre.google/sre-book/handling-overload/">Site Reliability
 * Engineering, chapter 21: Handling Overload</a>
 */
public final class ConcurrencyLimiter {

	private final AtomicInteger running = new AtomicInteger();

	private final AdaptiveLimit limit;

	private final NanoClock clock;

	/**
	 * Creates one.
	 * @param min how many are let in whatever happens
	 * @param max how many are let in at most; not less than that. Below the number of the
	 * container's threads, or requests wait where nobody sees them
	 * @param clock measures how long calls take
	 */
	public ConcurrencyLimiter(int min, int max, NanoClock clock) {
		this.limit = new AdaptiveLimit(min, max, clock);
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
		return this.running.get() >= places(criticality);
	}

	/**
	 * Lets a request in.
	 * @return a place to be given back, or {@code null} if it is refused
	 */
	public @Nullable Place enter(Criticality criticality) {
		int places = places(criticality);
		for (int running = this.running.get(); running < places; running = this.running.get()) {
			if (this.running.compareAndSet(running, running + 1)) {
				return new Place(running + 1, this.clock.now());
			}
		}
		this.limit.refused();
		return null;
	}

	/**
	 * Lets a request in that must not be refused.
	 */
	public Place enterAnyway() {
		return new Place(this.running.incrementAndGet(), this.clock.now());
	}

	/**
	 * Says that a request has been refused elsewhere for want of a place.
	 */
	public void refused() {
		this.limit.refused();
	}

	private int places(Criticality criticality) {
		double limit = this.limit.limit();
		return switch (criticality) {
			case CRITICAL_PLUS -> (int) (1.1 * limit + 1);
			case CRITICAL -> (int) limit;
			case SHEDDABLE_PLUS -> Math.max(1, (int) (0.7 * limit));
			case SHEDDABLE -> Math.max(1, (int) (0.4 * limit));
		};
	}

	/**
	 * The place of one request.
	 */
	public final class Place {

		private final int rank;

		private final long since;

		private Place(int rank, long since) {
			this.rank = rank;
			this.since = since;
		}

		/**
		 * Tells how its call ended, for the time that calls take. What was refused or
		 * invalid tells nothing.
		 * @param method what was called; one of few
		 * @param failed whether it failed, which often is quick
		 */
		public void ended(Object method, boolean failed) {
			long elapsed = ConcurrencyLimiter.this.clock.now() - this.since;
			ConcurrencyLimiter.this.limit.sample(method, elapsed, failed, this.rank);
		}

		/**
		 * Gives it back; once.
		 */
		public void leave() {
			ConcurrencyLimiter.this.running.decrementAndGet();
		}

	}

}
