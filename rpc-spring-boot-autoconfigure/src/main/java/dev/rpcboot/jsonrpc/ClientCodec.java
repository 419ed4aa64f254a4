package dev.rpcboot.jsonrpc;

import dev.rpcboot.call.ContractMethod;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the calls of one method and decodes their answers, with readers and writers
 * that are prepared at start. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class ClientCodec {

	/**
	 * Prepares the codec of a method.
	 * @throws dev.rpcboot.call.RpcConfigurationException if a type cannot be encoded or
	 * would take class names from the wire
	 */
	public ClientCodec(JsonRpcMapper mapper, ContractMethod method) {
	}

	/**
	 * Encodes a whole request with positional parameters.
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 */
	public byte[] encodeRequest(long id, @Nullable Object[] arguments) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Encodes the parameters alone, as a key that tells calls apart.
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 */
	public byte[] encodeParams(@Nullable Object[] arguments) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Reads an answer, without decoding its result.
	 * @param id the id that the request bore; an error may also bear {@code null}
	 */
	public JsonRpcAnswer readAnswer(byte[] body, long id) throws MalformedAnswerException {
		throw new UnsupportedOperationException();
	}

	/**
	 * Decodes a result to the contract's type; {@code null} for a {@code void} method.
	 */
	public @Nullable Object decodeResult(EncodedResult result) throws MalformedAnswerException {
		throw new UnsupportedOperationException();
	}

	/**
	 * Decodes a result once and hands the same value to all who ask; only for types whose
	 * values nobody can change.
	 */
	public @Nullable Object decodeShared(EncodedResult result) throws MalformedAnswerException {
		Object decoded = result.decoded();
		if (decoded == null) {
			decoded = decodeResult(result);
			result.remember(decoded);
		}
		return decoded;
	}

	/**
	 * Builds the contract's exception again that an error object stands for, or
	 * {@code null} if the contract knows none of that name or its properties do not fit.
	 */
	public @Nullable Throwable contractException(JsonRpcError error) {
		throw new UnsupportedOperationException();
	}

}
