package dev.rpcboot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Nothing was executed, because the target could not take the call: no instance is known,
 * none could be connected to, the circuit breaker is open, or the server refused the call
 * before it entered the method (overloaded, draining, rate limited). Calling again later
 * is safe for any method.
 *
 * @since 0.1
 */
public final class RpcUnavailableException extends RpcException {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	private final @Nullable Duration retryAfter;

	private final boolean retryable;

	/**
	 * Creates one.
	 * @param retryAfter how long the server asked to wait, or {@code null}
	 * @param retryable whether the server left it to the caller to try again
	 */
	public RpcUnavailableException(String message, Reason reason, @Nullable Duration retryAfter, boolean retryable,
			@Nullable Throwable cause) {
		super(message, Execution.NOT_EXECUTED, cause);
		this.reason = reason;
		this.retryAfter = retryAfter;
		this.retryable = retryable;
	}

	/**
	 * Creates one that may be retried.
	 * @param retryAfter how long the server asked to wait, or {@code null}
	 */
	public RpcUnavailableException(String message, Reason reason, @Nullable Duration retryAfter,
			@Nullable Throwable cause) {
		this(message, reason, retryAfter, true, cause);
	}

	/**
	 * Creates one that may be retried at once.
	 */
	public RpcUnavailableException(String message, Reason reason, @Nullable Throwable cause) {
		this(message, reason, null, cause);
	}

	/**
	 * Why the call was not taken.
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * How long the server asked to wait before the next try, or {@code null} if it did
	 * not say.
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	/**
	 * Whether trying again may help; {@code false} if the server asked not to.
	 */
	public boolean isRetryable() {
		return this.retryable;
	}

	/**
	 * Why a call was not taken.
	 */
	public enum Reason {

		/** No instance of the target is known. */
		NO_INSTANCE,

		/** No connection to the chosen instance could be made. */
		CONNECT_FAILED,

		/** The circuit breaker refused the call without trying. */
		CIRCUIT_OPEN,

		/** The server takes no more calls at present. */
		OVERLOADED,

		/**
		 * The server has refused so many calls as overloaded that this one was not sent
		 * at all.
		 */
		THROTTLED,

		/** The server is shutting down. */
		DRAINING,

		/** The caller has used up its share. */
		RATE_LIMITED,

		/** The calling application itself is shutting down. */
		SHUT_DOWN

	}

}
