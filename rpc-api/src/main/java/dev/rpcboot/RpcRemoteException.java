package dev.rpcboot;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The server answered with an error object that is no exception of the caller's contract:
 * the server's refusal (unknown method, invalid arguments, access denied), its failure
 * (an internal error), or an application error that the caller's contract does not know.
 *
 * @since 0.1
 */
public final class RpcRemoteException extends RpcException {

	private static final long serialVersionUID = 1L;

	private final int code;

	private final String reason;

	private final @Nullable String type;

	// final collections of JSON values, which are serializable by construction
	@SuppressWarnings("serial")
	private final Map<String, @Nullable Object> attributes;

	@SuppressWarnings("serial")
	private final List<RpcViolation> violations;

	private final @Nullable String traceId;

	private final @Nullable Duration retryAfter;

	private final boolean retryable;

	public RpcRemoteException(String message, Execution execution, Details details) {
		super(message, execution, null);
		this.code = details.code();
		this.reason = details.reason();
		this.type = details.type();
		this.attributes = details.attributes();
		this.violations = details.violations();
		this.traceId = details.traceId();
		this.retryAfter = details.retryAfter();
		this.retryable = details.retryable();
	}

	/**
	 * The JSON-RPC error code.
	 */
	public int code() {
		return this.code;
	}

	/**
	 * The status name, such as {@code INVALID_ARGUMENT}, {@code PERMISSION_DENIED},
	 * {@code INTERNAL} or {@code APPLICATION}; {@code UNKNOWN} if the server sent none
	 * and its code is not one of the protocol's.
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * The wire name of an application error, or {@code null} for every other error.
	 */
	public @Nullable String type() {
		return this.type;
	}

	/**
	 * The properties of an application error as plain JSON values; never {@code null}.
	 */
	public Map<String, @Nullable Object> attributes() {
		return this.attributes;
	}

	/**
	 * The constraints that arguments broke; empty for every other error.
	 */
	public List<RpcViolation> violations() {
		return this.violations;
	}

	/**
	 * The id under which the server's log has the cause of an internal error, or
	 * {@code null}.
	 */
	public @Nullable String traceId() {
		return this.traceId;
	}

	/**
	 * How long the server asked to wait before the next try, or {@code null} if it did
	 * not say.
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	/**
	 * Whether the server left it to the caller to try again, where the method and the
	 * failure allow it; {@code false} if the server asked not to.
	 */
	public boolean isRetryable() {
		return this.retryable;
	}

	/**
	 * What the error object said.
	 *
	 * @param code the JSON-RPC error code
	 * @param reason the status name
	 * @param type the wire name of an application error
	 * @param attributes the properties of an application error, as plain JSON values
	 * @param violations the constraints that arguments broke
	 * @param traceId the id under which the server's log has the cause
	 * @param retryAfter how long the server asked to wait, or {@code null}
	 * @param retryable whether the server left it to the caller to try again
	 */
	public record Details(int code, String reason, @Nullable String type, Map<String, @Nullable Object> attributes,
			List<RpcViolation> violations, @Nullable String traceId, @Nullable Duration retryAfter, boolean retryable) {

		public Details {
			attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
			violations = List.copyOf(violations);
		}

		/**
		 * Details of an error that carries nothing but its code.
		 */
		public static Details of(int code, String reason) {
			return new Details(code, reason, null, Map.of(), List.of(), null, null, true);
		}

	}

}
