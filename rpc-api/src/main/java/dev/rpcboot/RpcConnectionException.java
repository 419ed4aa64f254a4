package dev.rpcboot;

import org.jspecify.annotations.Nullable;

/**
 * The connection was lost after the request was, or may have been, sent, or an
 * intermediary answered in the server's place. Whether the method ran is unknown.
 *
 * @since 0.1
 */
public final class RpcConnectionException extends RpcException {

	private static final long serialVersionUID = 1L;

	public RpcConnectionException(String message, @Nullable Throwable cause) {
		super(message, Execution.UNKNOWN, cause);
	}

}
