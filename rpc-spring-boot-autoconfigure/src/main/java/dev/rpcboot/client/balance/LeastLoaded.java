package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.function.IntUnaryOperator;

/**
 * Chooses the better of two that are drawn at random, by latency times outstanding calls.
 * Unlike the best of all, that does not send every caller to the same instance at once.
 * Safe for concurrent use.
 *
 * @see <a href="https://www.eecs.harvard.edu/~michaelm/postscripts/mythesis.pdf">The
 * power of two choices</a>
 */
final class LeastLoaded {

	private static final int PERMILLE = 1000;

	/** By less than that factor two of them differ by chance. */
	private static final double NOISE = 1.5;

	/** One of so many chances to try one that was passed over for long is taken. */
	private static final int CHANCES = 25;

	private final IntUnaryOperator random;

	/**
	 * Creates one.
	 * @param random gives a number from 0 to below the argument
	 */
	LeastLoaded(IntUnaryOperator random) {
		this.random = random;
	}

	/**
	 * Chooses one.
	 * @param candidates at least one
	 */
	Member choose(Member[] candidates, Duration warmUp, long now) {
		if (candidates.length == 1) {
			return candidates[0];
		}
		int first = this.random.applyAsInt(candidates.length);
		int second = this.random.applyAsInt(candidates.length - 1);
		Member one = candidates[first];
		Member other = candidates[(second < first) ? second : second + 1];
		boolean oneIsBetter = cost(one, candidates, now) <= cost(other, candidates, now) * NOISE;
		Member better = oneIsBetter ? one : other;
		Member worse = oneIsBetter ? other : one;
		// not by its cost: that would keep it from all calls until it is warm
		if (!isWarm(better, warmUp, now)) {
			return worse;
		}
		return (worse.load().isForgotten(now) && this.random.applyAsInt(CHANCES) == 0) ? worse : better;
	}

	private boolean isWarm(Member member, Duration warmUp, long now) {
		double share = member.load().share(warmUp, now);
		return share >= 1 || this.random.applyAsInt(PERMILLE) < share * PERMILLE;
	}

	private static double cost(Member member, Member[] all, long now) {
		double latency = member.load().latency(now);
		return Math.max(1, (latency < 0) ? mean(all, now) : latency) * (member.load().outstanding() + 1);
	}

	/** What to expect of one that has answered nothing yet. */
	private static double mean(Member[] members, long now) {
		double sum = 0;
		int known = 0;
		for (Member member : members) {
			double latency = member.load().latency(now);
			if (latency >= 0) {
				sum += latency;
				known++;
			}
		}
		return (known > 0) ? sum / known : 0;
	}

}
