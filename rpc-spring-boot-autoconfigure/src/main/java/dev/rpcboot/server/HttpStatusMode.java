package dev.rpcboot.server;

import dev.rpcboot.Execution;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * Which HTTP status carries which error of a call. The status of a request that is
 * refused by its head is the same in all modes.
 *
 * @since 0.1
 */
public enum HttpStatusMode {

	/**
	 * 200 where only the caller can act on the error, real statuses where an intermediary
	 * can.
	 */
	HYBRID,

	/** Like HYBRID, but no error of a call is 200. */
	SEMANTIC,

	/**
	 * Like HYBRID, but 200 for every error that JSON-RPC 2.0 itself defines, for clients
	 * that read no other body.
	 */
	COMPAT;

	int statusOf(JsonRpcError error) {
		RpcStatus status = error.status();
		if (status == null) {
			return 200;
		}
		Integer own = statusInMode(status);
		if (own != null) {
			return own;
		}
		// a proxy may repeat a 503, and 413 blames the request
		boolean ran = error.execution() != Execution.NOT_EXECUTED;
		return (ran && (status.httpStatus() == 503 || status.httpStatus() == 413)) ? 500 : status.httpStatus();
	}

	private @Nullable Integer statusInMode(RpcStatus status) {
		return switch (this) {
			case HYBRID -> null;
			case SEMANTIC -> switch (status) {
				case METHOD_NOT_FOUND -> 404;
				case INVALID_ARGUMENT -> 400;
				case APPLICATION -> 422;
				default -> null;
			};
			case COMPAT -> switch (status) {
				case PARSE_ERROR, INVALID_REQUEST, INTERNAL -> 200;
				default -> null;
			};
		};
	}

}
