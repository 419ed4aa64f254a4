package dev.rpcboot.compression;

import java.util.Arrays;

/**
 * What has come out of a decoder so far. It grows with that, never by what a message
 * claims, and not beyond its limit.
 */
final class DecodedBytes {

	private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

	private static final int LEAST = 1024;

	private final long limit;

	private byte[] bytes;

	private int size;

	/**
	 * Creates one.
	 * @param coded size of the message that is decoded
	 */
	DecodedBytes(int coded, long limit) {
		this.limit = Math.min(limit, LONGEST_ARRAY - 1L);
		this.bytes = new byte[capacity(8L * coded)];
	}

	// JSON shrinks to a fifth or so; one more than the limit, to see that there is more
	private int capacity(long wished) {
		return (int) Math.min(Math.max(LEAST, wished), this.limit + 1);
	}

	/**
	 * The array to decode into, from {@link #size()} on; it always has room.
	 */
	byte[] array() {
		return this.bytes;
	}

	int size() {
		return this.size;
	}

	int room() {
		return this.bytes.length - this.size;
	}

	/**
	 * Notes that so many bytes were decoded into the array.
	 */
	void add(int count) throws ContentTooLargeException {
		this.size += count;
		if (this.size > this.limit) {
			throw new ContentTooLargeException(this.limit);
		}
		if (this.size == this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, capacity(2L * this.size));
		}
	}

	byte[] toArray() {
		return Arrays.copyOf(this.bytes, this.size);
	}

}
