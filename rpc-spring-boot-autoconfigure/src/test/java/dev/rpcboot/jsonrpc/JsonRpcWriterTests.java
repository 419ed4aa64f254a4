package dev.rpcboot.jsonrpc;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.RpcStatus;
import org.junit.jupiter.api.Test;

import static dev.rpcboot.jsonrpc.Samples.raw;
import static dev.rpcboot.jsonrpc.Samples.text;
import static dev.rpcboot.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonRpcWriterTests {

	private final JsonRpcWriter writer = new JsonRpcWriter(Samples.MAPPER);

	@Test
	void writesNoMoreThanThereIsToSay() {
		byte[] answer = this.writer.error(null, JsonRpcError.of(RpcStatus.PARSE_ERROR));

		assertThat(text(answer)).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"
				+ "\"message\":\"Parse error\",\"data\":{\"reason\":\"PARSE_ERROR\",\"executed\":\"no\"}}}");
	}

	@Test
	void writesAllThereIsToSay() {
		Map<String, Object> attributes = new LinkedHashMap<>();
		attributes.put("price", new BigDecimal("12.30"));
		attributes.put("none", null);
		JsonRpcError error = new JsonRpcError(42, "Sold out", RpcStatus.APPLICATION, Execution.EXECUTED,
				Duration.ofMillis(1500), false, List.of(new RpcViolation("a.b", "Min", "must be 1")), "SoldOut",
				attributes, "abc");

		byte[] answer = this.writer.error(raw("\"\\u00e9é\""), error);

		assertThat(text(answer)).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"\\u00e9é\",\"error\":{\"code\":42,"
				+ "\"message\":\"Sold out\",\"data\":{\"reason\":\"APPLICATION\",\"executed\":\"yes\","
				+ "\"retryAfterMs\":1500,\"retry\":\"never\","
				+ "\"violations\":[{\"path\":\"a.b\",\"rule\":\"Min\",\"message\":\"must be 1\"}],"
				+ "\"type\":\"SoldOut\",\"attributes\":{\"price\":12.30,\"none\":null},\"traceId\":\"abc\"}}}");
	}

	@Test
	void cutsWhatIsTooLong() {
		RpcViolation violation = new RpcViolation("p", "r", "m");
		JsonRpcError error = new JsonRpcError(1, "x".repeat(5000), RpcStatus.APPLICATION, Execution.EXECUTED, null,
				true, Collections.nCopies(60, violation), null, Map.of(), null);

		String answer = text(this.writer.error(null, error));

		assertThat(answer).containsPattern("\"message\":\"x{1000}\"");
		assertThat(answer.split("\"path\"", -1)).hasSize(51);
	}

	@Test
	void tellsWhatCannotBeEncoded() {
		JsonRpcError error = new JsonRpcError(1, "x", RpcStatus.APPLICATION, Execution.EXECUTED, null, true, List.of(),
				"SoldOut", Map.of("price", Double.NaN), null);

		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.writer.error(null, error))
			.withMessageContaining("SoldOut");
	}

	@Test
	void joinsABatchInOrder() {
		assertThat(text(this.writer.batch(List.of(utf8("{\"a\":1}"), utf8("{}"))))).isEqualTo("[{\"a\":1},{}]");
		assertThat(text(this.writer.batch(List.of(utf8("{}"))))).isEqualTo("[{}]");
	}

}
