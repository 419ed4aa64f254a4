package dev.rpcboot.server.idempotency;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.rpcboot.call.ContractMethod;

/**
 * Keeps the outcomes of keyed calls, so that a repeat is answered and not run. A bean of
 * this type takes the place of the stores that are built in. Safe for concurrent use.
 * <p>
 * Within one process it is never asked for a key while it is answering for the same one;
 * of other processes that share what it keeps, a store takes care itself.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface IdempotencyStore {

	/**
	 * Answers with what is kept, or runs the method and keeps what it answers.
	 * @param call which call it is
	 * @param effect runs the method, on the thread that asks, and is asked at most once;
	 * its stage fails if the outcome is not to be kept, and then the key is free again
	 * @return completes with the answer, after it is kept; fails with what the effect
	 * failed with. An exception that is thrown counts as a failed stage.
	 */
	CompletionStage<KeyedAnswer> run(KeyedCall call, Supplier<CompletionStage<StoredOutcome>> effect);

	/**
	 * Asked once per keyed method when the application starts.
	 * @throws dev.rpcboot.call.RpcConfigurationException if the store cannot run such a
	 * method
	 */
	default void check(ContractMethod method) {
	}

}
