package dev.rpcboot.calls;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import reactor.core.publisher.Mono;

/**
 * A contract with one of everything.
 */
public interface Warehouse extends Lookup<Warehouse.Item, String> {

	@RpcMethod(idempotency = Idempotency.SAFE)
	String greet(String name);

	List<Item> items(List<String> skus);

	Map<String, Item> bySku(Map<String, Integer> wanted);

	Optional<Item> maybe(String sku);

	Page<Item> page(int number);

	Everything everything(Everything value);

	Shape grow(Shape shape);

	void touch();

	int reserve(String sku, @Valid Order order) throws OutOfStockException, UnknownSkuException;

	CompletableFuture<String> later(String name);

	Mono<String> reactive(String name);

	String fail(String message);

	@RpcMethod(idempotency = Idempotency.SAFE)
	int count(String key);

	@RpcMethod(idempotency = Idempotency.SAFE)
	List<String> names(String key);

	String slow(long millis);

	long timeLeft();

	int executed(String method);

	@RpcMethod("greetFormally")
	String greet(String title, String name);

	default String greetWorld() {
		return greet("world");
	}

	record Item(String sku, int quantity) {
	}

	record Order(@Min(1) int quantity, @NotBlank String customer) {
	}

	record Page<T>(List<T> content, int number, long total) {
	}

	enum Colour {

		RED, GREEN

	}

	record Everything(BigDecimal price, Instant at, UUID id, byte[] bytes, Colour colour, Optional<String> note,
			long big, double ratio, List<Map<Colour, Integer>> nested) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Shape permits Circle, Square {

	}

	@JsonTypeName("circle")
	record Circle(double radius) implements Shape {
	}

	@JsonTypeName("square")
	record Square(double side) implements Shape {
	}

	class OutOfStockException extends Exception {

		private static final long serialVersionUID = 1L;

		private final String sku;

		private final int left;

		public OutOfStockException(String sku, int left) {
			super("only " + left + " of " + sku + " left");
			this.sku = sku;
			this.left = left;
		}

		public String sku() {
			return this.sku;
		}

		public int left() {
			return this.left;
		}

	}

	class UnknownSkuException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		public UnknownSkuException(String message) {
			super(message);
		}

	}

}
