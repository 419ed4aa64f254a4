package dev.rpcboot.autoconfigure.client;

import org.jspecify.annotations.Nullable;

import static dev.rpcboot.autoconfigure.client.Inheritance.either;

/**
 * Second attempts beside slow ones, of methods that may be repeated.
 *
 * @param enabled whether to make them
 * @param quantile share of the calls that are answered before one is made
 * @param keyed whether to make them for methods marked KEYED too, whose providers must
 * share their idempotency keys
 * @since 0.1
 */
public record HedgingProperties(@Nullable Boolean enabled, @Nullable Double quantile, @Nullable Boolean keyed) {

	static final HedgingProperties NONE = new HedgingProperties(null, null, null);

	HedgingProperties orElse(HedgingProperties inherited) {
		return new HedgingProperties(either(this.enabled, inherited.enabled), either(this.quantile, inherited.quantile),
				either(this.keyed, inherited.keyed));
	}

}
