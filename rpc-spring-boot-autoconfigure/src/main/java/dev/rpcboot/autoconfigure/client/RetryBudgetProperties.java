package dev.rpcboot.autoconfigure.client;

import org.jspecify.annotations.Nullable;

import static dev.rpcboot.autoconfigure.client.Inheritance.either;

/**
 * How many more attempts there may be than calls, for all methods of a target together.
 *
 * @param ratio more attempts for each call
 * @param minPerSecond more attempts for each second, however few calls there are
 * @since 0.1
 */
public record RetryBudgetProperties(@Nullable Double ratio, @Nullable Integer minPerSecond) {

	static final RetryBudgetProperties NONE = new RetryBudgetProperties(null, null);

	RetryBudgetProperties orElse(RetryBudgetProperties inherited) {
		return new RetryBudgetProperties(either(this.ratio, inherited.ratio),
				either(this.minPerSecond, inherited.minPerSecond));
	}

}
