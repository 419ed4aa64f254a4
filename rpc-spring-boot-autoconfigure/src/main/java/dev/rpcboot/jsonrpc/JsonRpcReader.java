package dev.rpcboot.jsonrpc;

/**
 * Parses bodies of requests, strictly. The whole body is checked before anything of it
 * can be executed. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class JsonRpcReader {

	public JsonRpcReader(JsonRpcLimits limits) {
	}

	/**
	 * Parses a body.
	 * @throws JsonRpcException with PARSE_ERROR, INVALID_REQUEST or, for a batch above
	 * the limit, PAYLOAD_TOO_LARGE
	 */
	public JsonRpcMessage read(byte[] body) throws JsonRpcException {
		throw new UnsupportedOperationException();
	}

}
