package dev.rpcboot.server;

import dev.rpcboot.jsonrpc.JsonRpcError;

/**
 * Ends a call with exactly this error object. An interceptor throws it to refuse a call;
 * it costs no stack trace.
 *
 * @since 0.1
 */
public final class RpcCallException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient JsonRpcError error;

	/**
	 * Creates one.
	 * @param error what is answered
	 */
	public RpcCallException(JsonRpcError error) {
		super(error.message(), null, false, false);
		this.error = error;
	}

	/**
	 * What is answered.
	 */
	public JsonRpcError error() {
		return this.error;
	}

}
