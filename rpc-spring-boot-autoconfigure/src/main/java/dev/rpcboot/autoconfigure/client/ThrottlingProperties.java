package dev.rpcboot.autoconfigure.client;

import org.jspecify.annotations.Nullable;

import static dev.rpcboot.autoconfigure.client.Inheritance.either;

/**
 * Calls that are not sent, because the target refuses too many as overloaded.
 *
 * @param enabled whether to hold calls back
 * @param multiplier calls that are sent for each one that is accepted
 * @since 0.1
 */
public record ThrottlingProperties(@Nullable Boolean enabled, @Nullable Double multiplier) {

	static final ThrottlingProperties NONE = new ThrottlingProperties(null, null);

	ThrottlingProperties orElse(ThrottlingProperties inherited) {
		return new ThrottlingProperties(either(this.enabled, inherited.enabled),
				either(this.multiplier, inherited.multiplier));
	}

}
