package dev.rpcboot;

/**
 * What is known about a failed call: whether the method ran. It decides what a caller may
 * do next.
 *
 * @since 0.1
 */
public enum Execution {

	/**
	 * The method was certainly not entered; calling again is safe for any method.
	 */
	NOT_EXECUTED,

	/**
	 * The method may have run, wholly, partly or not at all.
	 */
	UNKNOWN,

	/**
	 * The method was entered, and the failure is its answer.
	 */
	EXECUTED

}
