package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is skipped, beside what Jackson says of the same bytes.
 */
class UsualJsonTests {

	/** Jackson's own parser, which looks for members of one name too. */
	private static final JsonFactory JACKSON = JsonFactory.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).maxNameLength(256).build())
		.build();

	private static final String[] PARTS = { "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\n", "-", "0", "7", ".",
			"e", "E", "+", "true", "false", "null", "\"a\"", "\"b\":", "\\u0061", "\\n", "\u0001", "é", "😀", "1.5",
			"1e5", "\"a\":1", "{}", "[]", "\"" + "x".repeat(300) + "\"", "123456789012345678901234567890", "'", "NaN",
			"/*a*/" };

	@ParameterizedTest
	@ValueSource(strings = { "[]", "{}", "[1]", "{\"a\":1}", "{\"a\":[{\"b\":\"c\\\"d\",\"e\":-1.50}],\"f\":null}",
			" [ true , false\n]\t", "[\"0123456789 é😀 0123456789\"]", "{\"a\":{\"a\":{\"a\":1},\"b\":2},\"b\":3}" })
	void skipsWhatIsUsual(String json) {
		assertThat(skip(json)).isTrue();
		assertAgrees(json);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1e5]", "{\"\\u0061\":1}", "[\"\\u0061\"]", "[123456789012345678901]", "[",
			"[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":{},\"a\":2}", "[1,]", "[01]",
			"[1.]", "[.5]", "[-]", "[+1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[tru]", "[truex]", "[1x]",
			"[\"a]", "[\"\\x\"]", "[\"\t\"]", "[1 2]", "[}", "{]" })
	void looksCloserAtAnythingElse(String json) {
		assertThat(skip(json)).isFalse();
		assertAgrees(json);
	}

	@Test
	void skipsObjectsOfManyMembersAndArraysOfManyElements() {
		assertThat(skip("[" + "{},".repeat(40) + "[]]")).isTrue();
		assertThat(skip(members(32, ""))).isTrue();
		assertThat(skip(members(33, ""))).isFalse();
		assertAgrees(members(33, ""));
		for (int members : new int[] { 16, 17, 31, 32, 33 }) {
			assertThat(assertAgrees(members(members, ",\"k0\":{\"k1\":[{\"k0\":1}]}"))).isFalse();
			assertThat(assertAgrees(members(members, ",\"k\":{\"k1\":[{\"k0\":1}]}"))).isTrue();
		}
	}

	private static String members(int number, String more) {
		return IntStream.range(0, number)
			.mapToObj((i) -> "\"k" + i + "\":{\"k" + i + "\":0}")
			.collect(Collectors.joining(",", "{", more + "}"));
	}

	@Test
	void looksAtEachCharacterOfAString() {
		for (int character = 0; character <= 0x80; character++) {
			for (int before = 0; before <= 8; before++) {
				String text = "x".repeat(before) + (char) character;
				for (String json : List.of("[\"" + text + "\"]", "[\"" + text + "0123456789\"]")) {
					boolean plain = character >= 0x20 && character != '"' && character != '\\';
					assertThat(skip(json)).as(json).isEqualTo(plain);
					assertAgrees(json);
				}
			}
		}
	}

	@Test
	void keepsWithinTheLimits() {
		JsonRpcLimits limits = new JsonRpcLimits(4, 256, 1024, 5, 8, 100);
		for (String json : List.of("[[[1]]]", "{\"b\":{\"c\":[]}}", "[12345]", "{\"12345678\":1}")) {
			assertThat(member(json, limits)).as(json).isTrue();
		}
		for (String json : List.of("[[[[1]]]]", "{\"b\":{\"c\":[[]]}}", "[123456]", "{\"123456789\":1}")) {
			assertThat(member(json, limits)).as(json).isFalse();
		}
	}

	/** Whether the value of a member is accepted. */
	private static boolean member(String json, JsonRpcLimits limits) {
		byte[] body = ("{\"a\":" + json + "}").getBytes(StandardCharsets.UTF_8);
		try (JsonScanner scanner = new JsonScanner(StrictJsonFactory.create(limits), body)) {
			scanner.next();
			scanner.nextMember();
			return scanner.value().text().equals(json) && scanner.nextMember() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	@RepeatedTest(20)
	void agreesWithJacksonWhateverTheBytesAre(RepetitionInfo repetition) {
		SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
		int valid = 0;
		int skipped = 0;
		for (int i = 0; i < 5000; i++) {
			StringBuilder json = new StringBuilder();
			value(json, random, 0);
			for (int changes = random.nextInt(3); changes > 0; changes--) {
				int at = random.nextInt(json.length());
				String part = PARTS[random.nextInt(PARTS.length)];
				json.replace(at, Math.min(json.length(), at + random.nextInt(3)), part);
			}
			// without halves of characters, which have no bytes
			String whole = new String(json.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
			if (assertAgrees(whole)) {
				valid++;
				skipped += skip(whole) ? 1 : 0;
				assertGoesOnAfter(whole.strip());
			}
		}
		assertThat(valid).isBetween(1000, 4500);
		assertThat(skipped).isGreaterThan(valid / 2);
	}

	private static void value(StringBuilder json, SplittableRandom random, int depth) {
		int kind = (depth == 0) ? random.nextInt(2) : random.nextInt(6);
		int size = random.nextInt(5);
		if (kind == 0 && depth < 5) {
			json.append('{');
			for (int i = 0; i < size; i++) {
				json.append((i > 0) ? ", " : "")
					.append('"')
					.append((char) ('a' + i + random.nextInt(2) * 5))
					.append("\":");
				value(json, random, depth + 1);
			}
			json.append('}');
		}
		else if (kind == 1 && depth < 5) {
			json.append('[');
			for (int i = 0; i < size; i++) {
				json.append((i > 0) ? "," : "");
				value(json, random, depth + 1);
			}
			json.append(" ]");
		}
		else {
			String[] values = { "1", "-2.5", "true", "null", "\"text \\\" é\"", "\"\"", "0", "12345678" };
			json.append(values[random.nextInt(values.length)]);
		}
	}

	private static boolean skip(String json) {
		try (JsonParser parser = StrictJsonFactory.create(JsonRpcLimits.DEFAULTS)
			.createParser(ObjectReadContext.empty(), json.getBytes(StandardCharsets.UTF_8))) {
			parser.nextToken();
			return ((SkippingParser) parser).skipToEnd();
		}
	}

	/** Reads what follows a value, and where each begins and ends. */
	private static void assertGoesOnAfter(String json) {
		byte[] body = ("{\"x\": " + json + " ,\"y\":[" + json + "," + json + "]}").getBytes(StandardCharsets.UTF_8);
		try (JsonScanner scanner = new JsonScanner(StrictJsonFactory.create(JsonRpcLimits.DEFAULTS), body)) {
			scanner.next();
			assertThat(scanner.nextMember()).isEqualTo("x");
			assertThat(scanner.value().text()).isEqualTo(json);
			assertThat(scanner.nextMember()).isEqualTo("y");
			for (int i = 0; i < 2; i++) {
				scanner.next();
				assertThat(scanner.value().text()).isEqualTo(json);
			}
			assertThat(scanner.next()).isEqualTo(JsonToken.END_ARRAY);
			assertThat(scanner.nextMember()).isNull();
			scanner.end();
		}
	}

	/**
	 * Compares the verdicts, and where the value ends.
	 * @return whether it is in order
	 */
	private static boolean assertAgrees(String json) {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		int expected = endByJackson(body);
		assertThat(end(body)).as(json).isEqualTo(expected);
		return expected >= 0;
	}

	/** Where the first value ends, -1 if there is none, or more than that. */
	private static int end(byte[] body) {
		try (JsonScanner scanner = new JsonScanner(StrictJsonFactory.create(JsonRpcLimits.DEFAULTS), body)) {
			if (scanner.next() == null) {
				return -1;
			}
			int end = scanner.value().to();
			scanner.end();
			return end;
		}
		catch (JacksonException ex) {
			return -1;
		}
	}

	private static int endByJackson(byte[] body) {
		try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), body)) {
			int depth = 0;
			JsonToken token = parser.nextToken();
			if (token == null) {
				return -1;
			}
			while (true) {
				depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
				if (depth == 0) {
					break;
				}
				token = parser.nextToken();
			}
			parser.finishToken();
			int end = (int) parser.currentLocation().getByteOffset();
			return (parser.nextToken() == null) ? end : -1;
		}
		catch (JacksonException ex) {
			return -1;
		}
	}

}
