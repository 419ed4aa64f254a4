package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import dev.rpcboot.call.NanoClock;

/**
 * Lets only a multiple of the calls go to a target that it has accepted lately, so that a
 * target which refuses calls as overloaded is not kept busy with refusing. Some more
 * always go, by which is found out that it accepts again. Lock-free.
 *
 * @see <a href="https://sre.google/sre-book/handling-overload/">Site Reliability
 * Engineering, chapter 21: Client-Side Throttling</a>
 */
final class Throttle {

	/** Short, so that little is held back once the overload is over. */
	private static final Duration WINDOW = Duration.ofSeconds(2);

	private static final int SLOTS = 10;

	/** Refusals in a window that hold nothing back. */
	private static final int ALLOWANCE = 10;

	private final SlidingSum accepted;

	private final SlidingSum refused;

	private final double multiple;

	private final DoubleSupplier random;

	/**
	 * Creates one.
	 * @param multiple of the accepted calls that go
	 * @param random from 0 to 1
	 */
	Throttle(double multiple, NanoClock clock, DoubleSupplier random) {
		this.multiple = multiple;
		this.random = random;
		this.accepted = new SlidingSum(WINDOW, SLOTS, clock);
		this.refused = new SlidingSum(WINDOW, SLOTS, clock);
	}

	/**
	 * Whether a call may go; if not, it counts as refused.
	 */
	boolean tryPass() {
		long refused = this.refused.sum();
		if (refused <= ALLOWANCE) {
			return true;
		}
		long accepted = this.accepted.sum();
		double surplus = accepted + refused - this.multiple * accepted - ALLOWANCE;
		if (surplus <= 0 || this.random.getAsDouble() >= surplus / (accepted + refused + 1)) {
			return true;
		}
		this.refused.add(1);
		return false;
	}

	/**
	 * Notes what became of a call that went. Not before: calls that are merely slow say
	 * nothing.
	 */
	void over(boolean refused) {
		(refused ? this.refused : this.accepted).add(1);
	}

}
