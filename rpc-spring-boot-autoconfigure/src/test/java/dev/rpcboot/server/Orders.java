package dev.rpcboot.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.RpcMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import reactor.core.publisher.Mono;

/**
 * A contract with a method for each way in which a call can end.
 */
interface Orders {

	String greet(String name);

	int available(String sku) throws UnknownSkuException;

	void fail();

	String place(@Valid Order order);

	CompletableFuture<String> later(String what) throws UnknownSkuException;

	CompletableFuture<String> never();

	CompletableFuture<String> neverShared();

	CompletionStage<String> failLate();

	Mono<String> reactive(String what) throws UnknownSkuException;

	Mono<String> reactiveNever();

	Mono<String> reactiveHeld();

	Mono<Long> reactiveTimeLeft();

	long timeLeft();

	void outlastDeadline();

	void failAfterDeadline();

	int meet(int index) throws Exception;

	void record(String event);

	@RpcMethod(untyped = true)
	Object unencodable();

	String large(int size);

	record Order(@NotBlank String customer, List<@Valid Line> lines) {
	}

	record Line(String sku, @Min(1) int quantity) {
	}

	class UnknownSkuException extends Exception {

		private static final long serialVersionUID = 1L;

		private final String sku;

		private final int known;

		UnknownSkuException(String message, String sku, int known) {
			super(message);
			this.sku = sku;
			this.known = known;
		}

		public String getSku() {
			return this.sku;
		}

		public int getKnown() {
			return this.known;
		}

	}

}
