package dev.rpcboot.jsonrpc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.rpcboot.RpcErrorCode;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;

/**
 * A contract with every kind of type, and short ways to its codecs.
 */
final class Samples {

	static final JsonRpcMapper MAPPER = JsonRpcMapper.create(JsonRpcLimits.DEFAULTS, List.of());

	static final JsonRpcReader READER = new JsonRpcReader(JsonRpcLimits.DEFAULTS);

	private static final Contract CONTRACT = Contract.of(Everything.class);

	private Samples() {
	}

	static ContractMethod method(String name) {
		ContractMethod method = CONTRACT.method(name);
		if (method == null) {
			throw new IllegalArgumentException("No such method: " + name);
		}
		return method;
	}

	static ServerCodec server(String method) {
		return new ServerCodec(MAPPER, method(method));
	}

	static ClientCodec client(String method) {
		return new ClientCodec(MAPPER, method(method));
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	static String text(RawJson json) {
		return new String(json.bytes(), json.from(), json.to() - json.from(), StandardCharsets.UTF_8);
	}

	static RawJson raw(String json) {
		byte[] bytes = utf8(json);
		return new RawJson(bytes, 0, bytes.length);
	}

	static JsonRpcMessage.Call call(byte[] body) throws JsonRpcException {
		return ((JsonRpcMessage.Single) READER.read(body)).call();
	}

	static JsonRpcMessage.Call callWith(String params) throws JsonRpcException {
		return call(utf8("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":" + params + "}"));
	}

	interface Everything {

		int subtract(int minuend, int subtrahend);

		String greet(String name);

		void nothing();

		Order order(Order order);

		Optional<String> optional(Optional<String> text);

		Page<Order> page(Page<Order> page);

		Map<String, Order> byName(Map<String, Order> orders);

		Shape shape(Shape shape);

		List<Shape> shapes(List<Shape> shapes);

		Times times(Times times);

		Scalars scalars(Scalars scalars);

		double[] doubles(double[] values);

		float[] floats(float[] values);

		BigDecimal decimal(BigDecimal value);

		Double boxedDouble(Double value);

		@RpcMethod(untyped = true)
		Object untyped(Object value);

		Picky picky(Picky value);

		Node node(Node node);

		String buy(String sku) throws SoldOutException;

	}

	enum Colour {

		RED, GREEN;

		@Override
		public String toString() {
			return name().toLowerCase(java.util.Locale.ROOT);
		}

	}

	record Line(String sku, int quantity, BigDecimal price) {
	}

	record Order(UUID id, List<Line> lines, Colour colour, Optional<String> note) {

		static Order sample() {
			return new Order(UUID.fromString("6f2c0f5e-9f5a-4a5b-8f0e-3d5c7a1b2c3d"),
					List.of(new Line("a-1", 2, new BigDecimal("12.30")), new Line("b-2", 1, new BigDecimal("0.10"))),
					Colour.GREEN, Optional.of("ring twice"));
		}

	}

	record Page<T>(List<T> items, long total) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	sealed interface Shape {

	}

	@JsonTypeName("circle")
	record Circle(BigDecimal radius) implements Shape {
	}

	@JsonTypeName("square")
	record Square(BigDecimal side, byte[] texture) implements Shape {
	}

	record Times(Instant instant, LocalDate date, ZonedDateTime zoned, Duration duration) {
	}

	record Scalars(long number, BigInteger big, byte small, boolean flag, char letter, byte[] bytes, URI uri) {
	}

	record Picky(int percent) {

		Picky {
			if (percent > 100) {
				throw new IllegalArgumentException("The secret is " + percent);
			}
		}

	}

	record Node(Node next) {
	}

	@RpcErrorCode(42)
	static final class SoldOutException extends Exception {

		private static final long serialVersionUID = 1L;

		private final String sku;

		private final BigDecimal lastPrice;

		private final transient List<Line> alternatives;

		SoldOutException(String message, String sku, BigDecimal lastPrice, List<Line> alternatives) {
			super(message);
			this.sku = sku;
			this.lastPrice = lastPrice;
			this.alternatives = alternatives;
		}

		public String getSku() {
			return this.sku;
		}

		public BigDecimal getLastPrice() {
			return this.lastPrice;
		}

		public List<Line> getAlternatives() {
			return this.alternatives;
		}

	}

}
