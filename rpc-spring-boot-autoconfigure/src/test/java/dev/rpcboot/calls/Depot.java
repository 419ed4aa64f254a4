package dev.rpcboot.calls;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;
import reactor.core.publisher.Mono;

/**
 * A contract of which every instance of a provider answers differently.
 */
interface Depot {

	String name();

	@RpcMethod(idempotency = Idempotency.SAFE)
	String find(String sku) throws MissingException;

	List<String> shelves(int from, int to);

	int add(int one, int other);

	void touch(String sku);

	@RpcMethod(oneWay = true)
	void note(String text);

	String fail();

	/** Returns when as many callers are in it. */
	String meet(int callers);

	/** Returns when the provider is told to let go. */
	String hang();

	CompletableFuture<String> later(String sku);

	Mono<String> reactive(String sku);

	/** Never has a result, and holds no thread. */
	Mono<String> never();

	Box pack(Box box);

	default String findFirst() throws MissingException {
		return find("first");
	}

	default boolean hasMany() {
		return add(1, 1) > 10;
	}

	record Box(String label, List<Integer> sizes) {
	}

	class MissingException extends Exception {

		private static final long serialVersionUID = 1L;

		private final String sku;

		public MissingException(String sku) {
			super(sku + " is missing");
			this.sku = sku;
		}

		public String sku() {
			return this.sku;
		}

	}

}
