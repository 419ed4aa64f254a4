package dev.rpcboot.client.balance;

import dev.rpcboot.client.Resilience.Balancing;

/**
 * A member that was chosen for one attempt, to be told what becomes of it. Whoever has
 * one either begins and ends it or discards it.
 */
final class Pick {

	private final Balancer balancer;

	private final Member member;

	private final Balancing settings;

	private final boolean probe;

	private final Health.State state;

	private volatile long begun;

	/**
	 * Creates one.
	 * @param probe whether it is the one that finds out if the member is fit again
	 */
	Pick(Balancer balancer, Member member, Balancing settings, boolean probe) {
		this.balancer = balancer;
		this.member = member;
		this.settings = settings;
		this.probe = probe;
		this.state = member.health().state();
	}

	Member member() {
		return this.member;
	}

	void begin() {
		this.begun = this.balancer.now();
		this.member.load().begin(this.begun);
	}

	/**
	 * When the attempt had begun is not known any more, nor is it counted.
	 */
	void hasBegunNow() {
		this.begun = this.balancer.now();
	}

	/**
	 * The outcome is known.
	 */
	void answered(Outcome outcome) {
		long now = this.balancer.now();
		judge(outcome, now);
		if (outcome == Outcome.SUCCESS) {
			this.balancer.succeededAt(now);
			if (this.member.load().observe(now - this.begun, now)) {
				this.balancer.observe(now - this.begun);
			}
		}
		else if (outcome == Outcome.NONE) {
			// who left, as for the answer to a hedge, had waited so long at least
			this.member.load().observeAtLeast(now - this.begun, now);
		}
		else if (outcome != Outcome.ANSWERED) {
			// what fails fast must not look fast
			this.member.load().observeFailure(Math.max(now - this.begun, this.balancer.penalty()), now);
		}
	}

	private void judge(Outcome outcome, long now) {
		Health health = this.member.health();
		boolean changed = switch (outcome) {
			case SUCCESS, ANSWERED -> health.succeeded(this.state != Health.State.IN, now);
			case FAILURE, GONE -> health.failed(this.settings.ejection(), this.probe, now);
			case DRAINING -> health.draining(this.settings.ejection(), now);
			case BUSY -> {
				health.busy();
				yield false;
			}
			case NONE -> false;
		};
		if (this.probe && (outcome == Outcome.BUSY || outcome == Outcome.NONE)) {
			health.postponeProbe(this.settings.ejection(), now);
		}
		if (changed) {
			if (this.state == Health.State.DRAINING) {
				// it was started anew
				this.member.load().warmUp(now);
			}
			this.balancer.rearrange(this.settings.ejection());
		}
		if (outcome.isFailure()) {
			this.balancer.failedAt(now);
		}
	}

	/**
	 * What had begun well has broken, as a stream can.
	 */
	void broke(Outcome outcome) {
		judge(outcome, this.balancer.now());
	}

	/**
	 * Nothing is held for the attempt any more.
	 */
	void end() {
		this.member.load().end();
	}

	/**
	 * No attempt is made.
	 */
	void discard() {
		if (this.probe) {
			this.member.health().releaseProbe(this.balancer.now());
		}
	}

}
