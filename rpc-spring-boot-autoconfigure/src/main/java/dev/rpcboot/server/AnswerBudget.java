package dev.rpcboot.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes the answer to one request may still have; the entries of a batch share
 * it. Safe for concurrent use.
 */
final class AnswerBudget {

	private final AtomicLong left;

	AnswerBudget(long size) {
		this.left = new AtomicLong(size);
	}

	long left() {
		return this.left.get();
	}

	/**
	 * Takes what a response needs, if there is as much.
	 */
	boolean take(byte[] response) {
		// a comma or a bracket goes with each
		long needed = response.length + 1L;
		return this.left.getAndUpdate((left) -> (left >= needed) ? left - needed : left) >= needed;
	}

}
