package dev.rpcboot.call;

import dev.rpcboot.Execution;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a call that have a name on the wire, with the code, the HTTP status and
 * the meaning of each: the table of errors in the protocol, in one place. Codes are
 * -32000 minus the number of gRPC's status, but for those of JSON-RPC 2.0 itself.
 *
 * @since 0.1
 */
public enum RpcStatus {

	/** The body is not JSON. */
	PARSE_ERROR(-32700, 400, Execution.NOT_EXECUTED, "Parse error"),

	/** The JSON is not a request. */
	INVALID_REQUEST(-32600, 400, Execution.NOT_EXECUTED, "Invalid Request"),

	/** The service has no such method. */
	METHOD_NOT_FOUND(-32601, 200, Execution.NOT_EXECUTED, "Method not found"),

	/** No such service is exported here. */
	SERVICE_NOT_FOUND(-32601, 404, Execution.NOT_EXECUTED, "Service not found"),

	/** The arguments do not fit the method, or break its constraints. */
	INVALID_ARGUMENT(-32602, 200, Execution.NOT_EXECUTED, "Invalid params"),

	/** The method answered with an exception of its contract. */
	APPLICATION(1, 200, Execution.EXECUTED, "Application error"),

	/** The method failed otherwise. */
	INTERNAL(-32603, 500, Execution.EXECUTED, "Internal error"),

	/** The caller gave up. */
	CANCELLED(-32001, 499, Execution.UNKNOWN, "Cancelled"),

	/** The time given to the call is over. */
	DEADLINE_EXCEEDED(-32004, 504, Execution.UNKNOWN, "Deadline exceeded"),

	/** The caller may not do this. */
	PERMISSION_DENIED(-32007, 403, Execution.NOT_EXECUTED, "Permission denied"),

	/** The caller has used up its share. */
	RATE_LIMITED(-32008, 429, Execution.NOT_EXECUTED, "Rate limited"),

	/** An idempotency key came again with other arguments. */
	FAILED_PRECONDITION(-32009, 422, Execution.NOT_EXECUTED, "Failed precondition"),

	/** A call with the same idempotency key is running. */
	ABORTED(-32010, 409, Execution.UNKNOWN, "Aborted"),

	/** The server takes no more calls at present. */
	OVERLOADED(-32014, 503, Execution.NOT_EXECUTED, "Overloaded"),

	/** The server is shutting down. */
	DRAINING(-32014, 503, Execution.NOT_EXECUTED, "Draining"),

	/** The caller did not say who it is. */
	UNAUTHENTICATED(-32016, 401, Execution.NOT_EXECUTED, "Unauthenticated"),

	/** The request or the answer is above a limit. */
	PAYLOAD_TOO_LARGE(-32017, 413, Execution.NOT_EXECUTED, "Payload too large");

	/** What {@code Rpc-Status} says of a call that succeeded. */
	public static final String OK = "OK";

	/** What {@code Rpc-Status} says of an answer to a batch. */
	public static final String BATCH = "BATCH";

	/** What {@code Rpc-Status} says of an answer that comes item by item. */
	public static final String STREAM = "STREAM";

	/** What {@code Rpc-Status} says of a one-way call that is going to run. */
	public static final String ACCEPTED = "ACCEPTED";

	private static final RpcStatus[] VALUES = values();

	private final int code;

	private final int httpStatus;

	private final Execution execution;

	private final String message;

	RpcStatus(int code, int httpStatus, Execution execution, String message) {
		this.code = code;
		this.httpStatus = httpStatus;
		this.execution = execution;
		this.message = message;
	}

	/**
	 * The JSON-RPC error code.
	 */
	public int code() {
		return this.code;
	}

	/**
	 * The HTTP status that carries it in the default mode.
	 */
	public int httpStatus() {
		return this.httpStatus;
	}

	/**
	 * Whether the method ran, where the error object does not say.
	 */
	public Execution execution() {
		return this.execution;
	}

	/**
	 * The fixed text of the error object.
	 */
	public String message() {
		return this.message;
	}

	/**
	 * The status of that name, or {@code null}.
	 */
	public static @Nullable RpcStatus named(@Nullable String name) {
		for (RpcStatus status : VALUES) {
			if (status.name().equals(name)) {
				return status;
			}
		}
		return null;
	}

	/**
	 * The first status of that code, or {@code null}.
	 */
	public static @Nullable RpcStatus ofCode(int code) {
		for (RpcStatus status : VALUES) {
			if (status.code == code && status != APPLICATION) {
				return status;
			}
		}
		return null;
	}

}
