package dev.rpcboot.jsonrpc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.rpcboot.jsonrpc.Samples.Circle;
import dev.rpcboot.jsonrpc.Samples.Order;
import dev.rpcboot.jsonrpc.Samples.Page;
import dev.rpcboot.jsonrpc.Samples.Scalars;
import dev.rpcboot.jsonrpc.Samples.Square;
import dev.rpcboot.jsonrpc.Samples.Times;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.rpcboot.jsonrpc.Samples.client;
import static dev.rpcboot.jsonrpc.Samples.server;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends values there and back: client, server, and client again.
 */
class RoundTripTests {

	static Stream<Arguments> values() {
		ZonedDateTime paris = ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 123_456_789, ZoneId.of("Europe/Paris"));
		Map<String, Order> byName = new LinkedHashMap<>();
		byName.put("é \"x\"", Order.sample());
		byName.put("none", null);
		return Stream.of(Arguments.of("greet", "Ünïcode 😀 \"\\\n\u2028"), Arguments.of("greet", null),
				Arguments.of("order", Order.sample()),
				Arguments.of("order", new Order(null, null, null, Optional.empty())),
				Arguments.of("optional", Optional.of("x")), Arguments.of("optional", Optional.empty()),
				Arguments.of("page", new Page<>(List.of(Order.sample()), 1L << 60)), Arguments.of("byName", byName),
				Arguments.of("shape", new Circle(new BigDecimal("0.10"))),
				Arguments.of("shape", new Square(new BigDecimal("1E+3"), new byte[] { -1, 0, 1 })),
				Arguments.of("shapes", List.of(new Circle(BigDecimal.TEN), new Square(BigDecimal.ONE, new byte[0]))),
				Arguments.of("times",
						new Times(Instant.parse("2026-11-22T10:15:30.123456789Z"), LocalDate.of(2024, 2, 29), paris,
								Duration.ofSeconds(90, 5))),
				Arguments.of("times",
						new Times(Instant.EPOCH, null, paris.withZoneSameInstant(ZoneId.of("UTC")), Duration.ZERO)),
				Arguments.of("scalars",
						new Scalars(9007199254740993L, BigInteger.ONE.shiftLeft(64), (byte) -128, true, '€',
								new byte[] { 1, 2, 3, -4 }, URI.create("urn:x:1"))),
				Arguments.of("doubles", new double[] { 0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 3 }),
				Arguments.of("floats", new float[] { 0.1f, Float.MAX_VALUE, Float.MIN_VALUE }),
				Arguments.of("decimal", new BigDecimal("12.30")), Arguments.of("decimal", new BigDecimal("1E-900")),
				Arguments.of("decimal",
						new BigDecimal("123456789012345678901234567890.123456789012345678901234567890")),
				Arguments.of("boxedDouble", null),
				Arguments.of("untyped", Map.of("a", List.of(1, new BigDecimal("2.50")))),
				Arguments.of("untyped", "text"), Arguments.of("untyped", new ArrayList<>()));
	}

	@ParameterizedTest
	@MethodSource("values")
	void arriveAsTheyWereSent(String method, Object value) throws Exception {
		byte[] request = client(method).encodeRequest(7, new Object[] { value });
		JsonRpcMessage.Call call = Samples.call(request);
		Object arrived = server(method).decodeArguments(call)[0];
		byte[] answer = server(method).encodeResult(call.id(), arrived, 1_000_000);
		EncodedResult result = ((JsonRpcAnswer.Success) client(method).readAnswer(answer, 7)).result();
		Object returned = client(method).decodeResult(result);

		assertThat(call.method()).isEqualTo(method);
		assertThat(arrived).usingRecursiveComparison().isEqualTo(value);
		assertThat(returned).usingRecursiveComparison().isEqualTo(value);
	}

}
