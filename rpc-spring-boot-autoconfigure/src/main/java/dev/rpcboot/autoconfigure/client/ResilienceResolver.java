package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.Resilience.Balancing;
import dev.rpcboot.client.Resilience.Budget;
import dev.rpcboot.client.Resilience.Ejection;
import dev.rpcboot.client.Resilience.Hedging;
import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

/**
 * Puts {@link Resilience} together from merged properties, where nothing is said from its
 * defaults.
 */
final class ResilienceResolver {

	private static final Resilience DEFAULTS = Resilience.DEFAULTS;

	private ResilienceResolver() {
	}

	static Resilience resolve(RpcClientProperties.Call call, Coping coping) {
		return new Resilience(budget(coping.retryBudget()), hedging(call.hedging()), throttling(coping.throttling()),
				balancing(coping.loadBalancing(), call.hashBy()), call.criticality());
	}

	private static Budget budget(RetryBudgetProperties budget) {
		Budget defaults = DEFAULTS.retryBudget();
		return new Budget(requireNonNullElse(budget.ratio(), defaults.ratio()),
				requireNonNullElse(budget.minPerSecond(), defaults.minPerSecond()));
	}

	private static @Nullable Hedging hedging(HedgingProperties hedging) {
		Hedging defaults = requireNonNull(DEFAULTS.hedging());
		return requireNonNullElse(hedging.enabled(), true)
				? new Hedging(requireNonNullElse(hedging.quantile(), defaults.quantile()),
						requireNonNullElse(hedging.keyed(), defaults.keyed()), defaults.budget())
				: null;
	}

	private static @Nullable Double throttling(ThrottlingProperties throttling) {
		return requireNonNullElse(throttling.enabled(), true)
				? requireNonNullElse(throttling.multiplier(), requireNonNull(DEFAULTS.throttling())) : null;
	}

	private static Balancing balancing(LoadBalancingProperties balancing, @Nullable String hashBy) {
		Balancing defaults = DEFAULTS.balancing();
		return new Balancing(requireNonNullElse(balancing.enabled(), defaults.enabled()),
				requireNonNullElse(balancing.warmUp(), defaults.warmUp()), ejection(balancing.ejection()), hashBy);
	}

	private static @Nullable Ejection ejection(LoadBalancingProperties.Ejection ejection) {
		Ejection defaults = requireNonNull(DEFAULTS.balancing().ejection());
		return requireNonNullElse(ejection.enabled(), true)
				? new Ejection(requireNonNullElse(ejection.consecutiveFailures(), defaults.consecutiveFailures()),
						requireNonNullElse(ejection.baseTime(), defaults.baseTime()),
						requireNonNullElse(ejection.maxTime(), defaults.maxTime()),
						requireNonNullElse(ejection.maxPercentage(), defaults.maxPercentage()))
				: null;
	}

}
