package dev.rpcboot.client;

/**
 * The stages of a call on the caller's side, outermost first, each with the reason why it
 * stands where it stands.
 *
 * @since 0.1
 */
public enum ClientStage {

	/** Starts the clock; everything below counts against the time of the call. */
	DEADLINE,

	/**
	 * Interceptors of the application, once per logical call. Credentials that decide
	 * what the answer is are set here, so that the cache can see them.
	 */
	CALL,

	/**
	 * Answers from memory and joins identical calls in flight; inside CALL to see what
	 * distinguishes callers, outside OBSERVATION so that what never left is not measured
	 * as a call.
	 */
	CACHE,

	/** One observation for a call that leaves, around all of its attempts. */
	OBSERVATION,

	/**
	 * Judges the logical call, outside RETRY: with one of two instances dead, a breaker
	 * that counted attempts would refuse calls that failover answers.
	 */
	CIRCUIT_BREAKER,

	/** Judges each attempt, and may make another. */
	RETRY,

	/**
	 * Makes another attempt beside one that is slow, and takes the first answer; inside
	 * RETRY, which sees both as one and repeats only what both have failed at.
	 */
	HEDGE,

	/**
	 * Keeps attempts back from a target that refuses them as overloaded; inside RETRY and
	 * HEDGE so that their attempts count too, outside TARGET because it is the target as
	 * a whole that is spared.
	 */
	THROTTLE,

	/** Chooses an instance for the attempt, another one than the last. */
	TARGET,

	/** Interceptors of the application, once per attempt, with the address known. */
	ATTEMPT

}
