package dev.rpcboot.jsonrpc;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcViolation;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.Parameter;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.Samples.Node;
import dev.rpcboot.jsonrpc.Samples.Order;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.rpcboot.jsonrpc.Samples.callWith;
import static dev.rpcboot.jsonrpc.Samples.raw;
import static dev.rpcboot.jsonrpc.Samples.server;
import static dev.rpcboot.jsonrpc.Samples.text;
import static dev.rpcboot.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ServerCodecTests {

	private static List<RpcViolation> violations(String method, String params) throws JsonRpcException {
		JsonRpcMessage.Call call = callWith(params);
		JsonRpcException refusal = catchThrowableOfType(JsonRpcException.class,
				() -> server(method).decodeArguments(call));
		assertThat(refusal).isNotNull();
		assertThat(refusal.status()).isEqualTo(RpcStatus.INVALID_ARGUMENT);
		assertThat(text(refusal.id())).isEqualTo("7");
		return refusal.violations();
	}

	@Nested
	class Arguments {

		@ParameterizedTest
		@ValueSource(
				strings = { "[42,23]", "{\"minuend\":42,\"subtrahend\":23}", "{\"subtrahend\":23,\"minuend\":42}" })
		void areDecodedByPositionAndByName(String params) throws JsonRpcException {
			assertThat(server("subtract").decodeArguments(callWith(params))).containsExactly(42, 23);
		}

		@Test
		void mayBeAbsentWhereNoneAreNeeded() throws JsonRpcException {
			JsonRpcMessage.Call call = Samples.call(utf8("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":7}"));

			assertThat(server("nothing").decodeArguments(call)).isEmpty();
			assertThat(server("nothing").decodeArguments(callWith("[]"))).isEmpty();
			assertThat(server("nothing").decodeArguments(callWith("{}"))).isEmpty();
		}

		@ParameterizedTest
		@ValueSource(strings = { "[]", "[null]", "{}", "{\"name\":null}" })
		void ofReferenceTypeArriveAsNull(String params) throws JsonRpcException {
			assertThat(server("greet").decodeArguments(callWith(params))).containsExactly((Object) null);
		}

		@ParameterizedTest
		@ValueSource(strings = { "[]", "[null]", "{}", "{\"text\":null}" })
		void ofOptionalTypeArriveEmpty(String params) throws JsonRpcException {
			assertThat(server("optional").decodeArguments(callWith(params))).containsExactly(Optional.empty());
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '\'',
				value = { "[42] | subtrahend", "'{\"minuend\":42}' | subtrahend", "[null,1] | minuend",
						"'{\"minuend\":null,\"subtrahend\":1}' | minuend" })
		void ofPrimitiveTypeAreRequired(String params, String missing) throws JsonRpcException {
			assertThat(violations("subtract", params))
				.containsExactly(new RpcViolation(missing, "Required", "must not be missing or null"));
		}

		@Test
		void beyondTheLastAreRefused() throws JsonRpcException {
			assertThat(violations("subtract", "[42,23,1]")).isEmpty();
			assertThat(violations("nothing", "[null]")).isEmpty();
		}

		@Test
		void ofUnknownNameAreRefused() throws JsonRpcException {
			assertThat(violations("subtract", "{\"Minuend\":{\"a\":[]},\"subtrahend\":23}")).containsExactly(
					new RpcViolation("Minuend", "Unknown", "is not a parameter of the method"),
					new RpcViolation("minuend", "Required", "must not be missing or null"));
		}

		@Test
		void withExtremeNumbersAreRefusedBeforeTheyAreUsed() throws JsonRpcException {
			assertThat(violations("decimal", "[1e1000000000]")).isEmpty();
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
				"'{\"lines\":[{\"sku\":\"a\",\"quantity\":\"2\"}]}' | order.lines[0].quantity | Type",
				"'{\"lines\":[{\"sku\":\"a\",\"quantity\":1},{\"sku\":\"a\"}]}' | order.lines[1].quantity | Required",
				"'{\"lines\":[{\"quantity\":null}]}' | order.lines[0].quantity | Required",
				"'{\"lines\":{}}' | order.lines | Type", "'{\"colour\":\"BLUE\"}' | order.colour | Type",
				"'{\"id\":\"top secret\"}' | order.id | Type", "'\"top secret\"' | order | Type" })
		void areRefusedWithThePathOfWhatIsWrong(String order, String path, String rule) throws JsonRpcException {
			for (String params : List.of("[" + order + "]", "{\"order\":" + order + "}")) {
				RpcViolation violation = violations("order", params).get(0);

				assertThat(violation.path()).isEqualTo(path);
				assertThat(violation.rule()).isEqualTo(rule);
				assertThat(violation.message()).doesNotContain("secret", "BLUE", "Samples", "java", "`");
			}
		}

		@Test
		void thatAConstructorRefusesAreInvalid() throws JsonRpcException {
			assertThat(violations("picky", "[{\"percent\":101}]"))
				.containsExactly(new RpcViolation("value", "Value", "is not accepted"));
		}

	}

	@Nested
	class Results {

		@ParameterizedTest
		@ValueSource(strings = { "1.0", "\"\\u00e9\"", "null", "18446744073709551617" })
		void bearTheIdAsItStands(String id) throws AnswerTooLargeException {
			byte[] answer = server("subtract").encodeResult(raw(id), 19, 1000);

			assertThat(text(answer)).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":19}");
		}

		@Test
		void ofVoidAreNull() throws AnswerTooLargeException {
			assertThat(text(server("nothing").encodeResult(raw("1"), null, 1000)))
				.isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
			assertThat(text(server("optional").encodeResult(raw("1"), Optional.empty(), 1000)))
				.isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
		}

		@Test
		void areBounded() throws AnswerTooLargeException {
			ServerCodec codec = server("greet");
			int exact = codec.encodeResult(raw("1"), "x".repeat(20_000), 100_000).length;

			assertThat(codec.encodeResult(raw("1"), "x".repeat(20_000), exact)).hasSize(exact);
			assertThatExceptionOfType(AnswerTooLargeException.class)
				.isThrownBy(() -> codec.encodeResult(raw("1"), "x".repeat(20_000), exact - 1));
			assertThatExceptionOfType(AnswerTooLargeException.class)
				.isThrownBy(() -> codec.encodeResult(raw("1"), "x", 10));
		}

		@Test
		void thatCannotBeEncodedAreTold() {
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> server("doubles").encodeResult(raw("1"), new double[] { Double.NaN }, 1000))
				.withMessageContaining("Everything/doubles");
		}

		@Test
		void nestAsDeepAsACallerReads() throws Exception {
			byte[] deepest = server("node").encodeResult(raw("7"), nodes(99), 1_000_000);

			assertThat(Samples.client("node").readAnswer(deepest, 7)).isInstanceOf(JsonRpcAnswer.Success.class);
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> server("node").encodeResult(raw("7"), nodes(100), 1_000_000));
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> server("node").encodeResult(raw("7"), nodes(10_000), 1_000_000));
		}

		private Node nodes(int depth) {
			Node node = new Node(null);
			for (int i = 1; i < depth; i++) {
				node = new Node(node);
			}
			return node;
		}

		@Test
		void keepHalvesOfCharactersAsEscapes() throws AnswerTooLargeException {
			assertThat(text(server("greet").encodeResult(raw("1"), "a\ud800b", 1000)))
				.containsIgnoringCase("a\\ud800b");
		}

		@Test
		void writeDecimalsAsTheyAre() throws AnswerTooLargeException {
			assertThat(text(server("decimal").encodeResult(raw("1"), new BigDecimal("12.30"), 1000)))
				.endsWith("\"result\":12.30}");
		}

	}

	@Nested
	class Preparation {

		@Test
		void asksForParameterNames() throws NoSuchMethodException {
			Method method = Samples.Everything.class.getMethod("greet", String.class);
			ContractMethod nameless = new ContractMethod("Everything", "greet", method,
					List.of(new Parameter(null, String.class)), String.class, ReturnKind.VALUE, Idempotency.NONE, false,
					false, false, List.of());

			assertThatExceptionOfType(RpcConfigurationException.class)
				.isThrownBy(() -> new ServerCodec(Samples.MAPPER, nameless))
				.withMessageContaining("greet")
				.withMessageContaining("-parameters")
				.withMessageContaining("maven.compiler.parameters");
		}

		@ParameterizedTest
		@ValueSource(strings = { "sealedType", "inResult", "inField" })
		void refusesTypesThatLeaveOpenWhatTheyAre(String name) {
			ContractMethod method = Contract.of(Open.class).method(name);

			assertThatExceptionOfType(RpcConfigurationException.class)
				.isThrownBy(() -> new ServerCodec(Samples.MAPPER, method))
				.withMessageContaining("Fruit")
				.withMessageContaining(name)
				.withMessageContaining("@JsonTypeName");
		}

		@ParameterizedTest
		@ValueSource(strings = { "direct", "inList", "inMap", "inField", "onProperty", "asResult" })
		void refusesClassNamesOnTheWire(String name) {
			ContractMethod method = Contract.of(Unsafe.class).method(name);

			assertThatExceptionOfType(RpcConfigurationException.class)
				.isThrownBy(() -> new ServerCodec(Samples.MAPPER, method))
				.withMessageContaining("class names")
				.withMessageContaining("@JsonTypeName");
			assertThatExceptionOfType(RpcConfigurationException.class)
				.isThrownBy(() -> new ClientCodec(Samples.MAPPER, method));
		}

	}

	interface Open {

		void sealedType(Fruit fruit);

		List<Fruit> inResult();

		void inField(Basket basket);

	}

	sealed interface Fruit {

	}

	record Apple(int weight) implements Fruit {
	}

	record Basket(Optional<Fruit> fruit) {
	}

	interface Unsafe {

		void direct(Animal animal);

		void inList(List<Animal> animals);

		void inMap(Map<String, List<Animal>> animals);

		void inField(Zoo zoo);

		void onProperty(Cage cage);

		Animal asResult();

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	interface Animal {

	}

	record Zoo(List<Optional<Animal>> animals) {
	}

	record Cage(@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS) Number content) {
	}

}
