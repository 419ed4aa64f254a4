package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.client.Resilience.Ejection;
import org.jspecify.annotations.Nullable;

/**
 * Whether an instance is fit to be called, by what became of its calls. One that fails is
 * ejected; one that drains leaves by its own wish. Either way single calls probe it after
 * a while, until one of them is answered. Safe for concurrent use; success, the usual
 * outcome, takes no lock.
 * <p>
 * Only ejections that follow each other closely become longer. How often an ejected
 * instance is probed does not, or one that has healed would wait for a minute.
 */
final class Health {

	/** For a target of which nothing says how long one that drains is left alone. */
	private static final Duration DEFAULT_TIME = Duration.ofSeconds(5);

	/** Who refuses more than the rest of it has too much to do. */
	private static final double ACCEPTS_ALMOST_ALL = 0.9;

	/** Of the latest outcome among all. */
	private static final double LATEST = 1.0 / 16;

	/** After that time a probe of which nobody has told is lost. */
	private static final long PROBE_LOST = Duration.ofSeconds(30).toNanos();

	private final AtomicInteger failuresInRow = new AtomicInteger();

	private final SuccessRate rate = new SuccessRate();

	private volatile State state = State.IN;

	// racing threads may lose an outcome: it needs not be exact
	private volatile double accepted = 1;

	private long probeAt;

	private Duration lastEjection = Duration.ZERO;

	private long backSince;

	State state() {
		return this.state;
	}

	/**
	 * Whether nothing says that it fails, stops or has too much to do.
	 */
	boolean isWell() {
		return this.state == State.IN && this.failuresInRow.get() == 0 && this.accepted >= ACCEPTS_ALMOST_ALL;
	}

	/**
	 * Takes the one probe that there may be at a time, if it is time for one.
	 * @param repeatable whether the call could be repeated if it fails; one that could
	 * not leaves the others a second's chance to probe
	 */
	synchronized boolean takeProbe(boolean repeatable, @Nullable Ejection ejection, long now) {
		Duration grace = repeatable ? Duration.ZERO : grace(ejection);
		if (this.state == State.IN || now - this.probeAt < grace.toNanos()) {
			return false;
		}
		this.probeAt = now + PROBE_LOST;
		return true;
	}

	/**
	 * A probe was sent and told nothing: the next must not follow at once, or all calls
	 * would be probes.
	 */
	synchronized void postponeProbe(@Nullable Ejection ejection, long now) {
		this.probeAt = now + time(ejection).minus(grace(ejection)).toNanos();
	}

	/**
	 * Gives back a probe that was not sent.
	 */
	synchronized void releaseProbe(long now) {
		this.probeAt = now;
	}

	/**
	 * A call was answered.
	 * @param trial whether it was sent though the instance was not fit
	 * @return whether the instance is fit again
	 */
	boolean succeeded(boolean trial, long now) {
		if (this.failuresInRow.get() != 0) {
			this.failuresInRow.set(0);
		}
		double accepted = this.accepted;
		if (accepted < 1) {
			// so near to all that it would never get there
			this.accepted = (accepted > 0.999) ? 1 : accepted + (1 - accepted) * LATEST;
		}
		this.rate.add(true, now);
		return trial && comeBack(now);
	}

	/**
	 * A call was refused for want of time.
	 */
	void busy() {
		this.accepted -= this.accepted * LATEST;
	}

	private synchronized boolean comeBack(long now) {
		if (this.state == State.IN) {
			return false;
		}
		this.state = State.IN;
		this.backSince = now;
		this.failuresInRow.set(0);
		this.rate.reset();
		return true;
	}

	/**
	 * A call failed by the instance's fault.
	 * @param ejection when that has consequences, or {@code null} for never
	 * @param probe whether the call was a probe
	 * @return whether the instance has become unfit
	 */
	boolean failed(@Nullable Ejection ejection, boolean probe, long now) {
		int inRow = this.failuresInRow.incrementAndGet();
		this.rate.add(false, now);
		synchronized (this) {
			if (probe) {
				postponeProbe(ejection, now);
				return false;
			}
			if (ejection == null || this.state != State.IN
					|| (inRow < ejection.consecutiveFailures() && !this.rate.isLow(now))) {
				return false;
			}
			this.lastEjection = nextEjection(ejection, now);
			this.probeAt = now + this.lastEjection.toNanos();
			this.state = State.EJECTED;
			return true;
		}
	}

	private Duration nextEjection(Ejection ejection, long now) {
		boolean again = !this.lastEjection.isZero() && now - this.backSince < this.lastEjection.toNanos();
		Duration next = again ? this.lastEjection.multipliedBy(2) : ejection.baseTime();
		return (next.compareTo(ejection.maxTime()) <= 0) ? next : ejection.maxTime();
	}

	/**
	 * The instance said that it is about to stop.
	 * @return whether it has become unfit by that
	 */
	synchronized boolean draining(@Nullable Ejection ejection, long now) {
		State before = this.state;
		this.state = State.DRAINING;
		this.probeAt = now + time(ejection).toNanos();
		return before != State.DRAINING;
	}

	/**
	 * The registry knows the instance anew: it is not the one that was draining.
	 */
	synchronized void relisted() {
		if (this.state == State.DRAINING) {
			this.state = State.IN;
		}
	}

	private static Duration time(@Nullable Ejection ejection) {
		return (ejection != null) ? ejection.baseTime() : DEFAULT_TIME;
	}

	private static Duration grace(@Nullable Ejection ejection) {
		return time(ejection).dividedBy(5);
	}

	/**
	 * Whether an instance is fit to be called.
	 */
	enum State {

		/** It is. */
		IN,

		/** It failed. */
		EJECTED,

		/** It is about to stop. */
		DRAINING

	}

}
