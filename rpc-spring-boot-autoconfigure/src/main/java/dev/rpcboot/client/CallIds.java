package dev.rpcboot.client;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Makes ids of calls that nobody can guess: 128 bits of a cryptographically strong
 * generator, which is asked for many at a time, because most of the cost is in asking.
 * Safe for concurrent use, without a lock, for which all callers would queue up.
 */
final class CallIds {

	private static final int SIZE = 16;

	private static final int TAKEN_AT_A_TIME = 128;

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	private final SecureRandom random = new SecureRandom();

	private volatile Block block = new Block(new byte[0]);

	/**
	 * A new id, of 22 letters, digits, hyphens and underscores.
	 */
	String next() {
		byte[] id = this.block.next();
		while (id == null) {
			// two threads may do so at once, and what is left of one block is lost
			Block block = block();
			id = block.next();
			this.block = block;
		}
		return ENCODER.encodeToString(id);
	}

	private Block block() {
		byte[] bytes = new byte[TAKEN_AT_A_TIME * SIZE];
		this.random.nextBytes(bytes);
		return new Block(bytes);
	}

	/**
	 * Bytes of which each is given out once.
	 */
	private static final class Block {

		private final byte[] bytes;

		private final AtomicInteger taken = new AtomicInteger();

		Block(byte[] bytes) {
			this.bytes = bytes;
		}

		byte @Nullable [] next() {
			int from = this.taken.getAndAdd(SIZE);
			return (from < this.bytes.length) ? Arrays.copyOfRange(this.bytes, from, from + SIZE) : null;
		}

	}

}
