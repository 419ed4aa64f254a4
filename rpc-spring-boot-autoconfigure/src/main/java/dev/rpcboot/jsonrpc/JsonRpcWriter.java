package dev.rpcboot.jsonrpc;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes error responses, and joins responses to the answer of a batch. Safe for
 * concurrent use.
 *
 * @since 0.1
 */
public final class JsonRpcWriter {

	public JsonRpcWriter(JsonRpcMapper mapper) {
	}

	/**
	 * Encodes a whole response with an error.
	 * @param id the id to answer under, or {@code null} if it could not be read
	 * @throws IllegalArgumentException if an attribute cannot be encoded
	 */
	public byte[] error(@Nullable RawJson id, JsonRpcError error) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Joins encoded responses to an array, in order.
	 */
	public byte[] batch(List<byte[]> responses) {
		throw new UnsupportedOperationException();
	}

}
