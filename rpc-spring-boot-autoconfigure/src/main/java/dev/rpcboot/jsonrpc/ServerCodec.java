package dev.rpcboot.jsonrpc;

import dev.rpcboot.call.ContractMethod;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the arguments of one method and encodes its results, with readers and writers
 * that are prepared at start. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class ServerCodec {

	/**
	 * Prepares the codec of a method.
	 * @throws dev.rpcboot.call.RpcConfigurationException if a type cannot be encoded or
	 * would take class names from the wire, or parameters have no names
	 */
	public ServerCodec(JsonRpcMapper mapper, ContractMethod method) {
	}

	/**
	 * Decodes the arguments of a call, by position or by name.
	 * @throws JsonRpcException with INVALID_ARGUMENT and what is wrong with which
	 */
	public @Nullable Object[] decodeArguments(JsonRpcMessage.Call call) throws JsonRpcException {
		throw new UnsupportedOperationException();
	}

	/**
	 * Encodes a whole response with a result.
	 * @param limit largest response in bytes
	 * @throws AnswerTooLargeException if it is larger
	 * @throws IllegalArgumentException if the result cannot be encoded
	 */
	public byte[] encodeResult(RawJson id, @Nullable Object result, long limit) throws AnswerTooLargeException {
		throw new UnsupportedOperationException();
	}

}
