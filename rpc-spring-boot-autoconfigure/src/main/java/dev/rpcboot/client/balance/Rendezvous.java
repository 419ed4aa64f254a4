package dev.rpcboot.client.balance;

import java.nio.charset.StandardCharsets;

/**
 * Chooses by highest random weight: equal keys come to the same instance in every
 * process, and when an instance leaves or comes, no other keys move than its own.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Rendezvous_hashing">Rendezvous hashing</a>
 */
final class Rendezvous {

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;

	private static final long FNV_PRIME = 0x100000001b3L;

	private Rendezvous() {
	}

	/**
	 * Chooses one.
	 * @param candidates at least one
	 */
	static Member choose(Member[] candidates, long key) {
		Member best = candidates[0];
		long highest = Long.MIN_VALUE;
		for (Member candidate : candidates) {
			long weight = mixed(candidate.hash() ^ key);
			if (weight > highest) {
				highest = weight;
				best = candidate;
			}
		}
		return best;
	}

	static long hash(String text) {
		return hash(text.getBytes(StandardCharsets.UTF_8));
	}

	/** FNV-1a, mixed: it is written in a few lines and never changes. */
	static long hash(byte[] bytes) {
		long hash = FNV_OFFSET;
		for (byte b : bytes) {
			hash = (hash ^ (b & 0xff)) * FNV_PRIME;
		}
		return mixed(hash);
	}

	/** The finalizer of SplitMix64. */
	private static long mixed(long bits) {
		long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

}
