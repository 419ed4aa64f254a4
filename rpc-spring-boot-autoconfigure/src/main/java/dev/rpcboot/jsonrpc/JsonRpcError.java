package dev.rpcboot.jsonrpc;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.RpcStatus;
import org.jspecify.annotations.Nullable;

/**
 * An error object, as a server writes and a client reads it.
 *
 * @param code the code
 * @param message the message: fixed per status, but for application errors
 * @param status the named status, or {@code null} for an error of a server that does not
 * send one and whose code is not one of the protocol's
 * @param execution whether the method ran
 * @param retryAfter how long the server asks to wait, or {@code null}
 * @param retry whether the caller may try again where the status allows
 * @param violations constraints that arguments broke
 * @param type wire name of an application error
 * @param attributes properties of an application error: Java values when written, plain
 * JSON values when read
 * @param traceId id under which the server's log has the cause
 * @since 0.1
 */
public record JsonRpcError(int code, String message, @Nullable RpcStatus status, Execution execution,
		@Nullable Duration retryAfter, boolean retry, List<RpcViolation> violations, @Nullable String type,
		Map<String, @Nullable Object> attributes, @Nullable String traceId) {

	public JsonRpcError {
		violations = List.copyOf(violations);
		attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
	}

	/**
	 * The error object of a status that says nothing more.
	 */
	public static JsonRpcError of(RpcStatus status) {
		return new JsonRpcError(status.code(), status.message(), status, status.execution(), null, true, List.of(),
				null, Map.of(), null);
	}

	/**
	 * A copy that says this of whether the method ran.
	 */
	public JsonRpcError withExecution(Execution execution) {
		return new JsonRpcError(this.code, this.message, this.status, execution, this.retryAfter, this.retry,
				this.violations, this.type, this.attributes, this.traceId);
	}

	/**
	 * A copy with the constraints that arguments broke.
	 */
	public JsonRpcError withViolations(List<RpcViolation> violations) {
		return new JsonRpcError(this.code, this.message, this.status, this.execution, this.retryAfter, this.retry,
				violations, this.type, this.attributes, this.traceId);
	}

	/**
	 * A copy with the id under which the log has the cause.
	 */
	public JsonRpcError withTraceId(@Nullable String traceId) {
		return new JsonRpcError(this.code, this.message, this.status, this.execution, this.retryAfter, this.retry,
				this.violations, this.type, this.attributes, traceId);
	}

	/**
	 * A copy that asks the caller not to try again.
	 */
	public JsonRpcError withoutRetry() {
		return new JsonRpcError(this.code, this.message, this.status, this.execution, this.retryAfter, false,
				this.violations, this.type, this.attributes, this.traceId);
	}

	/**
	 * A copy with the time the server asks to wait.
	 */
	public JsonRpcError withRetryAfter(Duration retryAfter) {
		return new JsonRpcError(this.code, this.message, this.status, this.execution, retryAfter, this.retry,
				this.violations, this.type, this.attributes, this.traceId);
	}

}
