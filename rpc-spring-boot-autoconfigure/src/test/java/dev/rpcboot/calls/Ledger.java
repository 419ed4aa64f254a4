package dev.rpcboot.calls;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;
import reactor.core.publisher.Mono;

/**
 * A contract whose callers do not wait, as its provider sees it.
 */
@RpcContract("Ledger")
interface Ledger {

	@RpcMethod(oneWay = true)
	void post(String entry);

	@RpcMethod(oneWay = true)
	Mono<Void> postLater(String entry);

	@RpcMethod(oneWay = true)
	CompletableFuture<Void> hold(String entry);

	@RpcMethod(oneWay = true)
	void fail(String entry);

	/**
	 * The same contract, as an asynchronous consumer sees it.
	 */
	@RpcContract("Ledger")
	interface Async {

		@RpcMethod(oneWay = true)
		CompletableFuture<Void> post(String entry);

		@RpcMethod(oneWay = true)
		void postLater(String entry);

		@RpcMethod(oneWay = true)
		void hold(String entry);

		@RpcMethod(oneWay = true)
		Mono<Void> fail(String entry);

	}

	/**
	 * The same contract, for a consumer that wants to know.
	 */
	@RpcContract("Ledger")
	interface Waiting {

		void post(String entry);

		void fail(String entry);

	}

}
