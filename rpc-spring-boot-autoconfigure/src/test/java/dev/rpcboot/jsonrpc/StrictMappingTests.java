package dev.rpcboot.jsonrpc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

import dev.rpcboot.jsonrpc.Samples.Colour;
import dev.rpcboot.jsonrpc.Samples.Line;
import dev.rpcboot.jsonrpc.Samples.Order;
import dev.rpcboot.jsonrpc.Samples.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StrictMappingTests {

	private static final Map<String, Class<?>> TYPES = Map.ofEntries(Map.entry("int", int.class),
			Map.entry("Integer", Integer.class), Map.entry("long", long.class), Map.entry("short", short.class),
			Map.entry("byte", byte.class), Map.entry("double", double.class), Map.entry("Double", Double.class),
			Map.entry("float", float.class), Map.entry("boolean", boolean.class), Map.entry("Boolean", Boolean.class),
			Map.entry("char", char.class), Map.entry("String", String.class), Map.entry("BigDecimal", BigDecimal.class),
			Map.entry("BigInteger", BigInteger.class), Map.entry("Colour", Colour.class), Map.entry("UUID", UUID.class),
			Map.entry("URI", URI.class), Map.entry("byte[]", byte[].class), Map.entry("int[]", int[].class),
			Map.entry("double[]", double[].class), Map.entry("float[]", float[].class),
			Map.entry("String[]", String[].class), Map.entry("Instant", Instant.class),
			Map.entry("LocalDate", LocalDate.class), Map.entry("ZonedDateTime", ZonedDateTime.class),
			Map.entry("Duration", Duration.class), Map.entry("List", List.class), Map.entry("Line", Line.class),
			Map.entry("Order", Order.class), Map.entry("Shape", Shape.class),
			Map.entry("OptionalDouble", OptionalDouble.class));

	private final JsonMapper mapper = Samples.MAPPER.mapper();

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', delimiter = '|', value = { "int | '\"1\"'", "int | true", "int | 1.0",
			"int | 1.9", "int | 1e2", "int | '\"\"'", "int | null", "int | [1]", "int | {}", "int | 2147483648",
			"Integer | '\"1\"'", "Integer | '\"\"'", "Integer | 1.0", "Integer | false", "long | 9223372036854775808",
			"long | '\"1\"'", "long | 1.0", "short | 40000", "short | '\"1\"'", "byte | 200", "byte | -129",
			"byte | '\"1\"'", "double | '\"1.5\"'", "double | '\"NaN\"'", "double | '\"Infinity\"'",
			"double | '\"-INF\"'", "double | true", "double | 1e400", "double | null", "double | '\"\"'",
			"Double | '\"NaN\"'", "Double | '\"\"'", "Double | -1e400", "float | 1e39", "float | '\"NaN\"'",
			"OptionalDouble | '\"NaN\"'", "OptionalDouble | 1e400", "boolean | 1", "boolean | 0",
			"boolean | '\"true\"'", "boolean | '\"\"'", "boolean | null", "Boolean | 1", "Boolean | '\"\"'",
			"Boolean | '\"false\"'", "char | 65", "char | '\"\"'", "char | '\"ab\"'", "String | 1", "String | 1.5",
			"String | true", "String | {}", "String | []", "BigDecimal | '\"1.5\"'", "BigDecimal | '\"\"'",
			"BigDecimal | true", "BigInteger | '\"1\"'", "BigInteger | 1.0", "BigInteger | 1e3", "Colour | 0",
			"Colour | '\"0\"'", "Colour | '\"\"'", "Colour | '\"red\"'", "Colour | '\"BLUE\"'", "UUID | 1",
			"UUID | '\"\"'", "UUID | '\"x\"'", "URI | 1", "URI | true", "byte[] | 1", "byte[] | [1]",
			"byte[] | '\"*\"'", "int[] | '\"\"'", "int[] | 1", "int[] | ['\"1\"']", "int[] | [1.5]", "int[] | [null]",
			"double[] | '[\"NaN\"]'", "double[] | '[\"1\"]'", "double[] | [1e400]", "float[] | '[\"Infinity\"]'",
			"float[] | [1e39]", "String[] | '\"a\"'", "String[] | [1]", "Instant | 0", "Instant | 1.5",
			"Instant | '\"\"'", "LocalDate | 1", "LocalDate | '[2020,1,1]'", "LocalDate | '\"\"'", "ZonedDateTime | 0",
			"Duration | 5", "Duration | '\"\"'", "List | '\"\"'", "List | {}", "Line | '\"\"'", "Line | []", "Line | 1",
			"Line | '{\"sku\":\"a\",\"price\":1}'", "Line | '{\"sku\":\"a\",\"quantity\":null,\"price\":1}'",
			"Line | '{\"sku\":1,\"quantity\":1,\"price\":1}'", "Shape | '{\"radius\":1}'",
			"Shape | '{\"kind\":\"dev.rpcboot.jsonrpc.Samples$Circle\",\"radius\":1}'" })
	void refuses(String type, String json) {
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> this.mapper.readValue(json, TYPES.get(type)));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', delimiter = '|',
			value = { "int | -0 | 0", "int | 2147483647 | 2147483647", "byte | -128 | -128", "double | 1 | 1.0",
					"double | 1e300 | 1.0E300", "Double | null | null", "BigDecimal | 12.30 | 12.30",
					"BigDecimal | 7 | 7", "BigDecimal | 1E+3 | 1E+3",
					"BigInteger | 18446744073709551617 | 18446744073709551617", "Colour | '\"RED\"' | red",
					"Integer | null | null", "char | '\"a\"' | a", "String | '\"\"' | ''",
					"Instant | '\"2020-01-01T00:00:00Z\"' | 2020-01-01T00:00:00Z", "Duration | '\"PT1M\"' | PT1M" })
	void accepts(String type, String json, String expected) {
		Object value = this.mapper.readValue(json, TYPES.get(type));

		assertThat(String.valueOf(value)).isEqualTo(expected);
	}

	@Test
	void ignoresUnknownProperties() {
		assertThat(this.mapper.readValue("{\"sku\":\"a\",\"quantity\":1,\"price\":2,\"new\":{\"x\":[1]}}", Line.class))
			.isEqualTo(new Line("a", 1, new BigDecimal("2")));
	}

	@Test
	void readsMissingAndNullOptionalAsEmpty() {
		assertThat(this.mapper.readValue("{\"lines\":[]}", Order.class).note()).isEqualTo(Optional.empty());
		assertThat(this.mapper.readValue("{\"note\":null}", Order.class).note()).isEqualTo(Optional.empty());
	}

	@Test
	void keepsDecimalsOfPolymorphicTypesWhoseNameComesLast() {
		Shape shape = this.mapper.readValue("{\"radius\":12.300000000000000000010,\"kind\":\"circle\"}", Shape.class);

		assertThat(shape).isEqualTo(new Samples.Circle(new BigDecimal("12.300000000000000000010")));
	}

	@Test
	void readsUntypedValuesAsPlainJson() {
		Object value = this.mapper.readValue("{\"@class\":\"java.net.URL\",\"a\":[1,2.50,true,null]}", Object.class);

		assertThat(value).hasToString("{@class=java.net.URL, a=[1, 2.50, true, null]}");
	}

	@Test
	void writesOfRecordsTheirComponentsInOrder() {
		assertThat(this.mapper.writeValueAsString(new Basket("x", 1))).isEqualTo("{\"owner\":\"x\",\"apples\":1}");
	}

	@Test
	void writesEnumsByName() {
		assertThat(this.mapper.writeValueAsString(Map.of(Colour.RED, Colour.GREEN))).isEqualTo("{\"RED\":\"GREEN\"}");
	}

	@ParameterizedTest
	@ValueSource(doubles = { Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY })
	void refusesToWriteWhatIsNoNumber(double value) {
		List<Object> values = List.of(value, (float) value, new double[] { 1, value }, new float[] { (float) value },
				List.of(value), Map.of("a", value), OptionalDouble.of(value), Optional.of(value));

		for (Object each : values) {
			assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> this.mapper.writeValueAsBytes(each));
		}
	}

	@Test
	void refusesToWriteNumbersThatPeersRefuse() {
		List<Object> values = List.of(new BigDecimal("1e1001"), new BigDecimal("1e-1001"), BigInteger.TEN.pow(1001));

		for (Object each : values) {
			assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> this.mapper.writeValueAsBytes(each));
		}
	}

	@Test
	void keepsClassNamesOutWhateverACustomizerDoes() {
		RpcJsonMapperCustomizer careless = (builder) -> {
			BasicPolymorphicTypeValidator anything = BasicPolymorphicTypeValidator.builder()
				.allowIfBaseType(Object.class)
				.allowIfSubType(Object.class)
				.build();
			builder.polymorphicTypeValidator(anything).activateDefaultTyping(anything, DefaultTyping.JAVA_LANG_OBJECT);
		};
		JsonMapper customized = JsonRpcMapper.create(JsonRpcLimits.DEFAULTS, List.of(careless)).mapper();

		Object value = customized.readValue("[\"java.util.ArrayList\",[1]]", Object.class);

		assertThat(value).isEqualTo(List.of("java.util.ArrayList", List.of(1)));
	}

	@Test
	void appliesCustomizers() {
		RpcJsonMapperCustomizer mixIn = (builder) -> builder
			.enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
		JsonMapper customized = JsonRpcMapper.create(JsonRpcLimits.DEFAULTS, List.of(mixIn)).mapper();

		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> customized.readValue("{\"quantity\":1,\"unknown\":1}", Line.class));
	}

	record Basket(String owner, int apples) {

		public boolean isEmpty() {
			return this.apples == 0;
		}

		public String getLabel() {
			return this.owner + this.apples;
		}

	}

}
