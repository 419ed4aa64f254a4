package dev.rpcboot.server.idempotency;

/**
 * What a store makes of a keyed call.
 *
 * @since 0.1
 */
public sealed interface KeyedAnswer {

	/**
	 * The call has its outcome.
	 *
	 * @param outcome its outcome
	 * @param replayed whether an earlier call had it, and this one did not run
	 */
	record Answered(StoredOutcome outcome, boolean replayed) implements KeyedAnswer {
	}

	/**
	 * The call did not run.
	 */
	enum Refused implements KeyedAnswer {

		/** A call with this key is running, and took longer than the store waits. */
		IN_PROGRESS,

		/** The key was used before, with other arguments. */
		OTHER_CALL,

		/** The store can take no more keys at present. */
		FULL

	}

}
