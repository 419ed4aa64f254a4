package dev.rpcboot.jsonrpc;

/**
 * How large the messages of one kind are, so that room for the next can be made at once.
 * Safe for concurrent use.
 */
final class UsualSize {

	private static final int FIRST = 256;

	/** More than that is not made before it is needed. */
	private static final int MOST = 16 * 1024;

	// racing threads may lose a change: it is but a guess
	private int size = FIRST;

	int get() {
		return this.size;
	}

	/**
	 * Learns of one: follows larger ones at once, and smaller ones slowly.
	 */
	void learn(int written) {
		int before = this.size;
		int next = (written >= before) ? Math.min(written, MOST) : before - (before - written + 7) / 8;
		if (next != before) {
			this.size = next;
		}
	}

}
