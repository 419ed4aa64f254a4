package dev.rpcboot;

/**
 * What repeating a method means, as the owner of the contract promises it.
 *
 * @since 0.1
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.2">RFC 9110, 9.2</a>
 */
public enum Idempotency {

	/**
	 * Running it twice differs from running it once. It is repeated only when it
	 * certainly did not run.
	 */
	NONE,

	/**
	 * Running it twice differs from running it once, but the provider sees to it that it
	 * runs once: every call bears an idempotency key, which is the same for all of its
	 * attempts. It is therefore also repeated when it is unknown whether it ran. The
	 * provider needs a store of keys, else it does not start.
	 */
	KEYED,

	/**
	 * Running it twice has the effect of running it once. It is also repeated when it is
	 * unknown whether it ran.
	 */
	IDEMPOTENT,

	/**
	 * It only reads. Beside being repeated, its result may be cached, and identical calls
	 * may share one exchange, where the caller's configuration says so.
	 */
	SAFE;

	/**
	 * Whether a call may be repeated although it may have run.
	 */
	public boolean isRepeatable() {
		return this != NONE;
	}

}
