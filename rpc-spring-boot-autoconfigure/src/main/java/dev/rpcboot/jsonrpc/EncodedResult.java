package dev.rpcboot.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * A result as it stands in the answer's bytes. The bytes are shared and never changed.
 *
 * @since 0.1
 */
public final class EncodedResult {

	/** The JSON {@code null}, which stands where a result comes item by item. */
	public static final EncodedResult NULL = new EncodedResult(new byte[] { 'n', 'u', 'l', 'l' }, 0, 4);

	private final byte[] bytes;

	private final int from;

	private final int to;

	// set at most to equal values, so a race does no harm
	private volatile @Nullable Object decoded;

	EncodedResult(byte[] bytes, int from, int to) {
		this.bytes = bytes;
		this.from = from;
		this.to = to;
	}

	/**
	 * A result that was encoded before.
	 * @param json the result's JSON, which is not copied
	 */
	public static EncodedResult of(byte[] json) {
		return new EncodedResult(json, 0, json.length);
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

	void remember(@Nullable Object decoded) {
		// that one is the result of methods of every type
		if (this != NULL) {
			this.decoded = decoded;
		}
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
