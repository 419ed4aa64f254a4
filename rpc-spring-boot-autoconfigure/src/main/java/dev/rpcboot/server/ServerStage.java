package dev.rpcboot.server;

/**
 * The stages of a call on the provider's side, outermost first, each with the reason why
 * it stands where it stands.
 *
 * @since 0.1
 */
public enum ServerStage {

	/**
	 * One observation per call, by a {@link CallObserver}. Outside of all, even of
	 * looking up the method and reading the arguments, to see the answer as the caller
	 * sees it.
	 */
	OBSERVATION,

	/**
	 * Gives up when the caller does, and hands the time left to calls made meanwhile.
	 * Outside of user code, so that the time spent there counts.
	 */
	DEADLINE,

	/**
	 * Interceptors of the application. Outside VALIDATION: who is refused here learns
	 * nothing of the constraints. Security annotations on the bean are asked later, by
	 * its proxy, and whom they refuse has seen what the constraints say.
	 */
	CALL,

	/**
	 * Constraints of the arguments. Next to the method, because only what was checked
	 * before the invocation can be answered as not executed.
	 */
	VALIDATION,

	/**
	 * Runs a keyed method once and answers repeats with what it answered. Inside CALL:
	 * who may not call may not see what was answered before. Inside VALIDATION: a call
	 * that is refused takes no key. Around the method alone, because what the method did
	 * and what it answered are kept together, or not at all.
	 */
	IDEMPOTENCY

}
