package dev.rpcboot.autoconfigure.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

import static dev.rpcboot.autoconfigure.client.Inheritance.either;

/**
 * How an instance is chosen.
 *
 * @param enabled whether to choose the least loaded of two instances; else as Spring
 * Cloud LoadBalancer does
 * @param warmUp time in which a new instance comes to its full share
 * @param ejection instances that are left out while they fail
 * @since 0.1
 */
public record LoadBalancingProperties(@Nullable Boolean enabled, @Nullable Duration warmUp,
		@DefaultValue Ejection ejection) {

	static final LoadBalancingProperties NONE = new LoadBalancingProperties(null, null, Ejection.NONE);

	LoadBalancingProperties orElse(LoadBalancingProperties inherited) {
		return new LoadBalancingProperties(either(this.enabled, inherited.enabled),
				either(this.warmUp, inherited.warmUp), this.ejection.orElse(inherited.ejection));
	}

	/**
	 * Instances that are left out while they fail.
	 *
	 * @param enabled whether to leave them out
	 * @param consecutiveFailures failures in a row after which one is left out
	 * @param baseTime time for which it is left out at first; it doubles each time
	 * @param maxTime longest time for which it is left out
	 * @param maxPercentage percentage of a target's instances that may be left out; if
	 * more fail, all are used
	 */
	public record Ejection(@Nullable Boolean enabled, @Nullable Integer consecutiveFailures,
			@Nullable Duration baseTime, @Nullable Duration maxTime, @Nullable Integer maxPercentage) {

		static final Ejection NONE = new Ejection(null, null, null, null, null);

		Ejection orElse(Ejection inherited) {
			return new Ejection(either(this.enabled, inherited.enabled),
					either(this.consecutiveFailures, inherited.consecutiveFailures),
					either(this.baseTime, inherited.baseTime), either(this.maxTime, inherited.maxTime),
					either(this.maxPercentage, inherited.maxPercentage));
		}

	}

}
