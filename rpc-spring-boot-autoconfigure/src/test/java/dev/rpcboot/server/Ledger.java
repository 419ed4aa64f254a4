package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;
import reactor.core.publisher.Mono;

/**
 * Writes that must happen once.
 */
interface Ledger {

	@RpcMethod(idempotency = Idempotency.KEYED)
	String post(String account, int amount);

	@RpcMethod(idempotency = Idempotency.KEYED)
	String postSlowly(String account);

	@RpcMethod(idempotency = Idempotency.KEYED)
	String postAndRefuse(String account) throws ClosedException;

	@RpcMethod(idempotency = Idempotency.KEYED)
	String postAndWarn(String account) throws BlockedException;

	@RpcMethod(idempotency = Idempotency.KEYED)
	String postAndBreak(String account);

	@RpcMethod(idempotency = Idempotency.KEYED)
	String postSwallowing(String account);

	@RpcMethod(idempotency = Idempotency.KEYED)
	String statement(String account, int size);

	@RpcMethod(idempotency = Idempotency.KEYED)
	Receipt postUnreadably(String account);

	int count(String account);

	/**
	 * Cannot be encoded.
	 */
	record Receipt(String text) {

		@Override
		public String text() {
			throw new AssertionError("Nobody can read it");
		}

	}

	/**
	 * Undoes what was written before it, as a RuntimeException does.
	 */
	class ClosedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final String account;

		ClosedException(String message, String account) {
			super(message);
			this.account = account;
		}

		public String account() {
			return this.account;
		}

	}

	/**
	 * Leaves what was written before it.
	 */
	class BlockedException extends Exception {

		private static final long serialVersionUID = 1L;

		BlockedException(String message) {
			super(message);
		}

	}

	/**
	 * Writes that end later.
	 */
	interface Async {

		@RpcMethod(idempotency = Idempotency.KEYED)
		CompletableFuture<String> post(String account);

		@RpcMethod(idempotency = Idempotency.KEYED)
		Mono<String> postReactively(String account);

		@RpcMethod(idempotency = Idempotency.KEYED)
		CompletableFuture<String> refuse(String account) throws ClosedException;

		@RpcMethod(idempotency = Idempotency.KEYED)
		CompletableFuture<Receipt> postUnreadably(String account);

	}

}
