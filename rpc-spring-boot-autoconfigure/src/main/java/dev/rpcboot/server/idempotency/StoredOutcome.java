package dev.rpcboot.server.idempotency;

/**
 * How a keyed call ended, encoded so that it can be kept for repeats. The bytes are
 * shared and never changed.
 *
 * @param kind what the bytes are
 * @param json UTF-8
 * @since 0.1
 */
public record StoredOutcome(Kind kind, byte[] json) {

	/**
	 * What is kept of an outcome. What the method failed with otherwise is not kept, and
	 * a repeat runs it again.
	 */
	public enum Kind {

		/** The method's result. */
		RESULT,

		/** An error that its contract declares. */
		ERROR

	}

}
