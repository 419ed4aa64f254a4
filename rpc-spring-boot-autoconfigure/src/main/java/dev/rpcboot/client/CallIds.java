package dev.rpcboot.client;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * Makes ids of calls that nobody can guess: 128 bits of a cryptographically strong
 * generator, which is asked for many at a time, because most of the cost is in asking.
 * Safe for concurrent use.
 */
final class CallIds {

	private static final int SIZE = 16;

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	private final SecureRandom random = new SecureRandom();

	private final byte[] unused = new byte[128 * SIZE];

	private int next = this.unused.length;

	/**
	 * A new id, of 22 letters, digits, hyphens and underscores.
	 */
	String next() {
		return ENCODER.encodeToString(bytes());
	}

	private synchronized byte[] bytes() {
		if (this.next == this.unused.length) {
			this.random.nextBytes(this.unused);
			this.next = 0;
		}
		byte[] bytes = Arrays.copyOfRange(this.unused, this.next, this.next + SIZE);
		this.next += SIZE;
		return bytes;
	}

}
