package dev.rpcboot.client;

/**
 * How many instances have to answer a broadcast with a result for it to succeed.
 *
 * @since 0.1
 */
public enum BroadcastPolicy {

	/** All of them. */
	ALL,

	/** More than half of them. */
	QUORUM,

	/** At least one; the others are waited for. */
	ANY,

	/**
	 * At least one; the others are cancelled as soon as there is one, and have a
	 * {@link java.util.concurrent.CancellationException} as their outcome.
	 */
	FIRST_SUCCESS;

	/**
	 * The least number of successes, never zero.
	 * @param instances how many instances are asked
	 */
	public int needed(int instances) {
		return switch (this) {
			case ALL -> Math.max(1, instances);
			case QUORUM -> instances / 2 + 1;
			case ANY, FIRST_SUCCESS -> 1;
		};
	}

}
