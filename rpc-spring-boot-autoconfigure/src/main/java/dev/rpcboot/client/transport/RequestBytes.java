package dev.rpcboot.client.transport;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request as it is written, in a buffer that is used again. Not safe for concurrent
 * use.
 */
final class RequestBytes {

	private byte[] bytes = new byte[1024];

	private int size;

	void clear() {
		this.size = 0;
	}

	byte[] bytes() {
		return this.bytes;
	}

	int size() {
		return this.size;
	}

	RequestBytes add(byte[] more) {
		makeRoom(more.length);
		System.arraycopy(more, 0, this.bytes, this.size, more.length);
		this.size += more.length;
		return this;
	}

	/**
	 * Adds text of ASCII alone, as that of headers is.
	 */
	RequestBytes add(String ascii) {
		int length = ascii.length();
		makeRoom(length);
		for (int i = 0; i < length; i++) {
			this.bytes[this.size + i] = (byte) ascii.charAt(i);
		}
		this.size += length;
		return this;
	}

	RequestBytes add(int number) {
		return add(Integer.toString(number));
	}

	private void makeRoom(int more) {
		if (this.size + more > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(2 * this.bytes.length, this.size + more));
		}
	}

	static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
