package dev.rpcboot.calls;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A contract of work that goes on until somebody ends it, as its provider sees it.
 */
@RpcContract("Workshop")
interface Workshop {

	Mono<String> reactive(String job);

	CompletableFuture<String> future(String job);

	@RpcMethod(interruptible = true)
	String interruptible(String job);

	@RpcMethod(interruptible = true)
	String hasty(String job);

	String stubborn(String job);

	String quick(String job);

	/** An item, and then silence. */
	Flux<String> items(String job);

	/** Items without end. */
	Stream<String> pulled(String job);

	@RpcMethod(oneWay = true)
	void note(String job);

	/**
	 * The same contract, as a consumer sees it that waits for nothing.
	 */
	@RpcContract("Workshop")
	interface Async {

		CompletableFuture<String> reactive(String job);

		Mono<String> future(String job);

		CompletableFuture<String> interruptible(String job);

		CompletableFuture<String> stubborn(String job);

		CompletableFuture<String> quick(String job);

		@RpcMethod(oneWay = true)
		CompletableFuture<Void> note(String job);

	}

	/**
	 * The same contract, as a consumer sees it that waits for everything.
	 */
	@RpcContract("Workshop")
	interface Waiting {

		String reactive(String job);

	}

}
