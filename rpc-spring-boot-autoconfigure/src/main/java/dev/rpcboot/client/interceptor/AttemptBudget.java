package dev.rpcboot.client.interceptor;

import java.time.Duration;

import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.Resilience;

/**
 * How many more attempts there may be than calls: in every ten seconds a share of the
 * calls made in them, and a few. So attempts that mend the failure of some calls are
 * made, and those that would double the load of a target that fails all are not.
 * Lock-free.
 *
 * @see <a href=
 * "https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/service/RetryBudget.scala">Finagle's
 * RetryBudget</a>
 */
final class AttemptBudget {

	private static final int SECONDS = 10;

	private static final int SLOTS = 10;

	/** Parts of an attempt in which is counted. */
	private static final long ATTEMPT = 1000;

	private final SlidingSum balance;

	private final long perCall;

	private final long reserve;

	AttemptBudget(Resilience.Budget budget, NanoClock clock) {
		this.balance = new SlidingSum(Duration.ofSeconds(SECONDS), SLOTS, clock);
		this.perCall = Math.round(budget.ratio() * ATTEMPT);
		this.reserve = (long) budget.minPerSecond() * SECONDS * ATTEMPT;
	}

	/**
	 * Notes a call.
	 */
	void deposit() {
		this.balance.add(this.perCall);
	}

	/**
	 * Takes one more attempt, if there is one left.
	 */
	boolean tryWithdraw() {
		// taken before it is looked at: two threads may both find nothing left where one
		// attempt was, but never both take it
		this.balance.add(-ATTEMPT);
		if (this.balance.sum() + this.reserve >= 0) {
			return true;
		}
		this.balance.add(ATTEMPT);
		return false;
	}

}
