package dev.rpcboot.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * A result as it stands in the answer's bytes. The bytes are shared and never changed.
 *
 * @since 0.1
 */
public final class EncodedResult {

	private final byte[] bytes;

	private final int from;

	private final int to;

	private final @Nullable Object decoded;

	EncodedResult(byte[] bytes, int from, int to) {
		this(bytes, from, to, null);
	}

	private EncodedResult(byte[] bytes, int from, int to, @Nullable Object decoded) {
		this.bytes = bytes;
		this.from = from;
		this.to = to;
		this.decoded = decoded;
	}

	/**
	 * A copy that hands out the given value instead of decoding again; only for values
	 * that nobody can change.
	 */
	public EncodedResult decodedAs(@Nullable Object value) {
		return new EncodedResult(this.bytes, this.from, this.to, value);
	}

	/**
	 * Number of bytes of the result's JSON.
	 */
	public int size() {
		return this.to - this.from;
	}

	@Nullable Object decoded() {
		return this.decoded;
	}

	byte[] bytes() {
		return this.bytes;
	}

	int from() {
		return this.from;
	}

	int to() {
		return this.to;
	}

}
