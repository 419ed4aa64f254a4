package dev.rpcboot.jsonrpc;

/**
 * What a server answered to one request.
 *
 * @since 0.1
 */
public sealed interface JsonRpcAnswer {

	/**
	 * A result.
	 *
	 * @param result the result, still encoded
	 */
	record Success(EncodedResult result) implements JsonRpcAnswer {
	}

	/**
	 * An error object.
	 *
	 * @param error what it said
	 */
	record Failure(JsonRpcError error) implements JsonRpcAnswer {
	}

	/**
	 * A response to this request that cannot be used, among others of a batch that can.
	 *
	 * @param failure why it cannot
	 */
	record Malformed(MalformedAnswerException failure) implements JsonRpcAnswer {
	}

}
