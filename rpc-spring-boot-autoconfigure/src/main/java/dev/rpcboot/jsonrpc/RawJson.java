package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON value as it stands in a body, byte for byte. The bytes are shared and never
 * changed.
 *
 * @param bytes the whole body
 * @param from index of its first byte
 * @param to index after its last byte
 * @since 0.1
 */
public record RawJson(byte[] bytes, int from, int to) {

	/**
	 * The value's JSON.
	 */
	String text() {
		return new String(this.bytes, this.from, length(), StandardCharsets.UTF_8);
	}

	int length() {
		return this.to - this.from;
	}

	boolean startsWith(char character) {
		return this.bytes[this.from] == character;
	}

	/**
	 * Whether this is that text, to the letter.
	 */
	boolean isAscii(String text) {
		return Arrays.equals(this.bytes, this.from, this.to, text.getBytes(StandardCharsets.US_ASCII), 0,
				text.length());
	}

	/**
	 * Number of characters, which are fewer than the bytes.
	 */
	int characters() {
		int characters = 0;
		for (int i = this.from; i < this.to; i++) {
			// every byte of UTF-8 but those that continue a character
			if ((this.bytes[i] & 0xC0) != 0x80) {
				characters++;
			}
		}
		return characters;
	}

}
