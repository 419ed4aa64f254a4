package dev.rpcboot;

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

	public RpcRemoteException(String message, Execution execution, Details details) {
		super(message, execution, null);
		this.code = details.code();
		this.reason = details.reason();
		this.type = details.type();
		this.attributes = details.attributes();
		this.violations = details.violations();
		this.traceId = details.traceId();
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
	 * What the error object said.
	 *
	 * @param code the JSON-RPC error code
	 * @param reason the status name
	 * @param type the wire name of an application error
	 * @param attributes the properties of an application error, as plain JSON values
	 * @param violations the constraints that arguments broke
	 * @param traceId the id under which the server's log has the cause
	 */
	public record Details(int code, String reason, @Nullable String type, Map<String, @Nullable Object> attributes,
			List<RpcViolation> violations, @Nullable String traceId) {

		public Details {
			attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
			violations = List.copyOf(violations);
		}

		/**
		 * Details of an error that carries nothing but its code.
		 */
		public static Details of(int code, String reason) {
			return new Details(code, reason, null, Map.of(), List.of(), null);
		}

	}

}
