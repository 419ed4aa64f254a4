package dev.rpcboot.faults.consumer;

import java.util.List;

/**
 * Calls to make, and when: the time of each is known before the first.
 *
 * @param name with which the ids of the calls begin
 * @param target what is called
 * @param operations which methods, by turns
 * @param calls how many
 * @param perSecond how many a second
 * @param burst how many at the same moment
 * @param jitterMillis by how much the moment differs from the regular one, to either
 * side, at most
 * @param sameArgument whether all calls are the same call
 */
public record LoadPlan(String name, String target, List<Operation> operations, int calls, double perSecond, int burst,
		int jitterMillis, boolean sameArgument) {

	public LoadPlan {
		operations = List.copyOf(operations);
	}

	/**
	 * Calls at a constant rate.
	 */
	public static LoadPlan of(String name, String target, int calls, double perSecond, Operation... operations) {
		return new LoadPlan(name, target, List.of(operations), calls, perSecond, 1, 0, false);
	}

	/**
	 * The same calls, some at a time.
	 */
	public LoadPlan inBursts(int burst, int jitterMillis) {
		return new LoadPlan(this.name, this.target, this.operations, this.calls, this.perSecond, burst, jitterMillis,
				this.sameArgument);
	}

	/**
	 * As many calls, all of them with one argument.
	 */
	public LoadPlan ofOneArgument() {
		return new LoadPlan(this.name, this.target, this.operations, this.calls, this.perSecond, this.burst,
				this.jitterMillis, true);
	}

	/** When the call starts, in nanoseconds from the start of all. */
	long start(int call) {
		int moment = call / this.burst;
		long regular = (long) (moment * this.burst * 1e9 / this.perSecond);
		// a fixed sequence without a pattern: every run has the same moments
		double jitter = (moment * 0.618034 % 1) * 2 - 1;
		return regular + (long) ((1 + jitter) * this.jitterMillis * 1_000_000L);
	}

}
