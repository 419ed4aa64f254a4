package dev.rpcboot.client;

import java.time.Duration;

import dev.rpcboot.call.Criticality;
import org.jspecify.annotations.Nullable;

/**
 * How calls cope with failing, slow and overloaded instances. Immutable.
 *
 * @param retryBudget how many attempts there may be beside the first ones, for all
 * methods of a target together
 * @param hedging when a second attempt is made beside one that is slow, or {@code null}
 * for never
 * @param throttling multiple of the accepted calls that is sent to a target which refuses
 * others as overloaded, or {@code null} to send all
 * @param balancing how an instance is chosen
 * @param criticality what the server may refuse first, or {@code null} for that of the
 * call being served, and else {@link Criticality#CRITICAL}
 * @since 0.1
 */
public record Resilience(Budget retryBudget, @Nullable Hedging hedging, @Nullable Double throttling,
		Balancing balancing, @Nullable Criticality criticality) {

	/** What applies where nothing says otherwise. */
	public static final Resilience DEFAULTS = new Resilience(new Budget(0.1, 5),
			new Hedging(0.95, false, new Budget(0.05, 1)), 2.0, Balancing.DEFAULTS, null);

	/**
	 * How many more attempts there may be than calls.
	 *
	 * @param ratio more attempts for each call
	 * @param minPerSecond more attempts for each second, however few calls there are
	 * @see <a href="https://linkerd.io/2-edge/features/retries-and-timeouts/">Retry
	 * budgets, as in Finagle and Linkerd</a>
	 */
	public record Budget(double ratio, int minPerSecond) {
	}

	/**
	 * When a second attempt is made beside one that is slow, for methods whose contract
	 * says that they may be repeated.
	 *
	 * @param quantile share of the method's calls that are answered faster than the time
	 * after which it is made
	 * @param keyed whether for keyed methods too; instances that do not share their keys
	 * would run both attempts
	 * @param budget how many such attempts there may be, for all methods of a target
	 * together
	 * @see <a href="https://research.google/pubs/the-tail-at-scale/">Dean, Barroso: The
	 * Tail at Scale</a>
	 */
	public record Hedging(double quantile, boolean keyed, Budget budget) {
	}

	/**
	 * How an instance is chosen.
	 *
	 * @param enabled whether by our own rules; else by Spring Cloud LoadBalancer's
	 * @param warmUp time in which a new instance comes to its full share
	 * @param ejection when an instance is left out, or {@code null} for never
	 * @param hashBy name of the argument that decides, so that equal ones come to the
	 * same instance; {@code null} for the least loaded instance
	 */
	public record Balancing(boolean enabled, Duration warmUp, @Nullable Ejection ejection, @Nullable String hashBy) {

		static final Balancing DEFAULTS = new Balancing(true, Duration.ofSeconds(10),
				new Ejection(5, Duration.ofSeconds(5), Duration.ofSeconds(60), 50), null);

	}

	/**
	 * When an instance that fails is left out for a while.
	 *
	 * @param consecutiveFailures failures in a row after which it is
	 * @param baseTime for how long, the first time; it doubles each time
	 * @param maxTime for how long at most
	 * @param maxPercentage how many of a target's instances may be left out; if more are
	 * bad, all are used
	 * @see <a href=
	 * "https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier">Envoy:
	 * outlier detection</a>
	 */
	public record Ejection(int consecutiveFailures, Duration baseTime, Duration maxTime, int maxPercentage) {
	}

}
