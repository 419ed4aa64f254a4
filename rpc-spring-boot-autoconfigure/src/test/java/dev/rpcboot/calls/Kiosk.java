package dev.rpcboot.calls;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcContract;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One service, in the three ways in which its contract can be written.
 */
final class Kiosk {

	private Kiosk() {
	}

	@RpcContract("Kiosk")
	interface Plain {

		String read(String title) throws SoldOutException;

		List<String> titles(int count);

		/** Has no result in the time of a test. */
		String hang();

		String fail();

	}

	@RpcContract("Kiosk")
	interface Later {

		CompletableFuture<String> read(String title) throws SoldOutException;

		CompletableFuture<List<String>> titles(int count);

		CompletableFuture<String> hang();

		CompletableFuture<String> fail();

		/** Has a result when as many calls are in it. */
		CompletableFuture<Integer> meet(int calls);

	}

	@RpcContract("Kiosk")
	interface Reactive {

		Mono<String> read(String title) throws SoldOutException;

		Flux<String> titles(int count);

		Mono<String> hang();

		Mono<String> fail();

		Mono<Integer> meet(int calls);

	}

	static class SoldOutException extends Exception {

		private static final long serialVersionUID = 1L;

		private final String title;

		public SoldOutException(String title) {
			super(title + " is sold out");
			this.title = title;
		}

		public String title() {
			return this.title;
		}

	}

}
