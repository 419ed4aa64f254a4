package dev.rpcboot.jsonrpc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.Samples.Circle;
import dev.rpcboot.jsonrpc.Samples.SoldOutException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.rpcboot.jsonrpc.Samples.client;
import static dev.rpcboot.jsonrpc.Samples.text;
import static dev.rpcboot.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ClientCodecTests {

	private static JsonRpcError errorOf(String error) throws MalformedAnswerException {
		String body = "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":" + error + "}";
		return ((JsonRpcAnswer.Failure) client("greet").readAnswer(utf8(body), 7)).error();
	}

	private static Object resultOf(String method, String result) throws MalformedAnswerException {
		String body = "{\"result\": " + result + " ,\"id\":7,\"jsonrpc\":\"2.0\"}";
		ClientCodec codec = client(method);
		return codec.decodeResult(((JsonRpcAnswer.Success) codec.readAnswer(utf8(body), 7)).result());
	}

	@Nested
	class Requests {

		@Test
		void bearPositionalParameters() {
			assertThat(text(client("subtract").encodeRequest(7, new Object[] { 42, 23 })))
				.isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"subtract\",\"params\":[42,23]}");
			assertThat(text(client("nothing").encodeRequest(-1, new Object[0])))
				.isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":-1,\"method\":\"nothing\",\"params\":[]}");
			assertThat(text(client("greet").encodeParams(new Object[] { null }))).isEqualTo("[null]");
		}

		@Test
		void nameTheSubtypeOfWhatTheyBear() {
			assertThat(text(client("shapes").encodeParams(new Object[] { List.of(new Circle(BigDecimal.ONE)) })))
				.isEqualTo("[[{\"kind\":\"circle\",\"radius\":1}]]");
			assertThat(text(client("shape").encodeParams(new Object[] { new Circle(BigDecimal.ONE) })))
				.isEqualTo("[{\"kind\":\"circle\",\"radius\":1}]");
		}

		@Test
		void thatCannotBeEncodedSayWhichArgumentItIs() {
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> client("boxedDouble").encodeRequest(7, new Object[] { Double.NaN }))
				.withMessageContaining("Argument 1 of Everything/boxedDouble");
		}

	}

	@Nested
	class Answers {

		@ParameterizedTest
		@ValueSource(strings = { "", "null", "[]", "1", "{}", "{\"jsonrpc\":\"2.0\",\"id\":7}",
				"{\"id\":7,\"result\":1}", "{\"jsonrpc\":\"1.0\",\"id\":7,\"result\":1}",
				"{\"jsonrpc\":\"2.0\",\"result\":1}", "{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":1}",
				"{\"jsonrpc\":\"2.0\",\"id\":\"7\",\"result\":1}", "{\"jsonrpc\":\"2.0\",\"id\":7.0,\"result\":1}",
				"{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"result\":2}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"a\":1,\"\\u0061\":2}}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":[{\"b\":{\"a\":1}},{\"a\":{\"a\":1},\"a\":1}]}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1}{}", "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":[1e1000000000]}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":null}", "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":\"x\"}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":\"1\",\"message\":\"\"}}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":1.0,\"message\":\"\"}}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":9999999999,\"message\":\"\"}}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":1}}",
				"{\"jsonrpc\":\"2.0\",\"id\":8,\"error\":{\"code\":1,\"message\":\"\"}}",
				"{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":1,\"message\":\"\",\"data\":1e5000}}" })
		void areRefusedIfMalformed(String body) {
			assertThatExceptionOfType(MalformedAnswerException.class)
				.isThrownBy(() -> client("greet").readAnswer(utf8(body), 7));
		}

		@Test
		void areRefusedIfNotUtf8() {
			byte[] body = utf8("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"?\"}");
			body[text(body).indexOf('?')] = (byte) 0xFF;

			assertThatExceptionOfType(MalformedAnswerException.class)
				.isThrownBy(() -> client("greet").readAnswer(body, 7));
		}

		@Test
		void withoutIdAreAcceptedIfTheyTellAnError() throws MalformedAnswerException {
			String body = "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error\"}}";

			JsonRpcAnswer answer = client("greet").readAnswer(utf8(body), 7);

			assertThat(answer).isEqualTo(new JsonRpcAnswer.Failure(JsonRpcError.of(RpcStatus.PARSE_ERROR)));
		}

		@Test
		void keepTheirResultEncoded() throws MalformedAnswerException {
			ClientCodec codec = client("greet");
			byte[] body = utf8("{\"jsonrpc\":\"2.0\",\"result\": \"h\\u00e9\" ,\"id\":7,\"more\":[]}");

			EncodedResult result = ((JsonRpcAnswer.Success) codec.readAnswer(body, 7)).result();

			assertThat(result.size()).isEqualTo(9);
			assertThat(codec.decodeResult(result)).isEqualTo("hé");
			assertThat(codec.decodeResult(result)).isNotSameAs(codec.decodeResult(result));
			assertThat(codec.decodeShared(result)).isEqualTo("hé").isSameAs(codec.decodeShared(result));
		}

		@Test
		void areNotTakenForThoseOfAnotherTypeWhereTheyAreNull() throws MalformedAnswerException {
			assertThat(client("optional").decodeShared(EncodedResult.NULL)).isEqualTo(Optional.empty());

			assertThat(client("greet").decodeShared(EncodedResult.NULL)).isNull();
		}

		@Test
		void ofVoidMethodsAreNullWhateverTheySay() throws MalformedAnswerException {
			assertThat(resultOf("nothing", "null")).isNull();
			assertThat(resultOf("nothing", "{\"a\":1}")).isNull();
		}

		@Test
		void ofUntypedMethodsArePlainJson() throws MalformedAnswerException {
			assertThat(resultOf("untyped", "{\"a\":[1,2.50,18446744073709551617]}"))
				.isEqualTo(Map.of("a", List.of(1, new BigDecimal("2.50"), new BigInteger("18446744073709551617"))));
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '\'', value = { "subtract | '\"secret\"' | result | int",
				"subtract | null | result | int",
				"order | '{\"lines\":[{\"sku\":\"a\",\"quantity\":\"secret\"}]}' | result.lines[0].quantity | int",
				"picky | '{\"percent\":4711}' | result | Picky" })
		void thatDoNotFitTheContractSayWhere(String method, String result, String path, String type) {
			MalformedAnswerException failure = catchThrowableOfType(MalformedAnswerException.class,
					() -> resultOf(method, result));

			assertThat(failure).hasMessageContaining("Everything/" + method + " ")
				.hasMessageContaining(path + " is no ")
				.hasMessageContaining(type)
				.hasMessageNotContaining("secret")
				.hasMessageNotContaining("4711");
		}

	}

	@Nested
	class Errors {

		@ParameterizedTest
		@CsvSource({ "-32014, DRAINING, DRAINING", "-32014, OVERLOADED, OVERLOADED", "-32014, NONSENSE, OVERLOADED",
				"-32014, INTERNAL, OVERLOADED", "-32601, SERVICE_NOT_FOUND, SERVICE_NOT_FOUND",
				"-32603, OVERLOADED, INTERNAL", "42, APPLICATION, APPLICATION", "42, DRAINING, APPLICATION",
				"1, , APPLICATION", "-31999, , APPLICATION", "-32769, , APPLICATION", "-32099, , ",
				"-32099, APPLICATION, " })
		void areNamedByTheirReasonIfItFitsTheCode(int code, String reason, RpcStatus expected)
				throws MalformedAnswerException {
			JsonRpcError error = errorOf(
					"{\"code\":" + code + ",\"message\":\"x\",\"data\":{\"reason\":\"" + reason + "\"}}");

			assertThat(error.status()).isEqualTo(expected);
		}

		@ParameterizedTest
		@CsvSource({ "-32603, no, NOT_EXECUTED", "-32602, yes, EXECUTED", "-32602, unknown, UNKNOWN",
				"-32602, maybe, NOT_EXECUTED", "-32603, , EXECUTED", "-32099, , UNKNOWN" })
		void tellWhetherTheMethodRan(int code, String executed, Execution expected) throws MalformedAnswerException {
			JsonRpcError error = errorOf(
					"{\"code\":" + code + ",\"message\":\"x\",\"data\":{\"executed\":\"" + executed + "\"}}");

			assertThat(error.execution()).isEqualTo(expected);
		}

		@ParameterizedTest
		@ValueSource(strings = { "null", "1", "\"text\"", "[]", "{}", "{\"reason\":5,\"executed\":[],\"retry\":0}",
				"{\"violations\":{},\"attributes\":[],\"type\":{},\"traceId\":7,\"retryAfterMs\":\"1\"}",
				"{\"violations\":[1,null,{},{\"path\":1}],\"traceId\":\"a b\",\"retryAfterMs\":-5}",
				"{\"retryAfterMs\":1e3}", "{\"retryAfterMs\":18446744073709551617}" })
		void passOverDataOfAnotherShape(String data) throws MalformedAnswerException {
			JsonRpcError error = errorOf("{\"code\":-32602,\"message\":\"Invalid params\",\"data\":" + data + "}");

			assertThat(error).isEqualTo(JsonRpcError.of(RpcStatus.INVALID_ARGUMENT));
		}

		@Test
		void boundTheirTexts() throws MalformedAnswerException {
			String violation = "{\"path\":\"a\",\"rule\":\"r\",\"message\":\"m\"},";
			JsonRpcError error = errorOf(
					"{\"code\":1,\"message\":\"" + "x".repeat(999) + "😀\",\"data\":{\"violations\":["
							+ violation.repeat(60) + "null],\"traceId\":\"" + "t".repeat(129) + "\"}}");

			assertThat(error.message()).isEqualTo("x".repeat(999));
			assertThat(error.violations()).hasSize(50);
			assertThat(error.traceId()).isNull();
		}

		@Test
		void areReadAsTheyWereWritten() throws MalformedAnswerException {
			JsonRpcError error = new JsonRpcError(42, "Sold out", RpcStatus.APPLICATION, Execution.EXECUTED,
					Duration.ofMillis(1500), false,
					List.of(new RpcViolation("order.id", "NotNull", "must not be null")), "SoldOut", Map.of("sku", "a"),
					"4bf92f3577b34da6a3ce929d0e0e4736");

			byte[] body = new JsonRpcWriter(Samples.MAPPER).error(Samples.raw("7"), error);

			assertThat(client("greet").readAnswer(body, 7)).isEqualTo(new JsonRpcAnswer.Failure(error));
		}

	}

	@Nested
	class Exceptions {

		private static final String ATTRIBUTES = "{\"sku\":\"a\",\"lastPrice\":12.30,\"alternatives\":[{\"sku\":\"b\",\"quantity\":1,\"price\":2}]}";

		private Throwable exception(String method, String type, String attributes) throws MalformedAnswerException {
			JsonRpcError error = errorOf("{\"code\":42,\"message\":\"Sold out\",\"data\":{\"type\":\"" + type
					+ "\",\"attributes\":" + attributes + "}}");
			return client(method).contractException(error);
		}

		@Test
		void areBuiltAgainWithTheirProperties() throws MalformedAnswerException {
			Throwable exception = exception("buy", "SoldOutException", ATTRIBUTES);

			assertThat(exception).isInstanceOfSatisfying(SoldOutException.class, (soldOut) -> {
				assertThat(soldOut).hasMessage("Sold out");
				assertThat(soldOut.getSku()).isEqualTo("a");
				assertThat(soldOut.getLastPrice()).isEqualTo(new BigDecimal("12.30"));
				assertThat(soldOut.getAlternatives()).containsExactly(new Samples.Line("b", 1, new BigDecimal("2")));
			});
		}

		@Test
		void areNotBuiltIfTheContractOrTheirPropertiesDoNotFit() throws MalformedAnswerException {
			assertThat(exception("greet", "SoldOutException", ATTRIBUTES)).isNull();
			assertThat(exception("buy", "java.lang.IllegalStateException", ATTRIBUTES)).isNull();
			assertThat(exception("buy", "SoldOutException", "{\"sku\":1}")).isNull();
			assertThat(exception("buy", "SoldOutException", "{\"lastPrice\":\"1\"}")).isNull();
		}

	}

}
