package dev.rpcboot.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Several answers in one: those to the entries of a batch, or those of all instances of a
 * broadcast. They are decoded already. Immutable.
 *
 * @param outcomes what became of each part, in order
 * @param failure by which the target is judged although there is an answer: that of a
 * part which failed by the target's fault; or {@code null}
 */
record CombinedResult(List<?> outcomes, @Nullable Throwable failure) {

	CombinedResult {
		outcomes = List.copyOf(outcomes);
	}

}
