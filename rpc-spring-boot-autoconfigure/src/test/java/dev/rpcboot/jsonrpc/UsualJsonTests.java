package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
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

	@RepeatedTest(20)
	void agreesWithJacksonWhateverTheBytesAre(RepetitionInfo repetition) {
		SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
		int valid = 0;
		for (int i = 0; i < 5000; i++) {
			StringBuilder json = new StringBuilder();
			value(json, random, 0);
			for (int changes = random.nextInt(3); changes > 0; changes--) {
				int at = random.nextInt(json.length());
				String part = PARTS[random.nextInt(PARTS.length)];
				json.replace(at, Math.min(json.length(), at + random.nextInt(3)), part);
			}
			valid += assertAgrees(json.toString()) ? 1 : 0;
		}
		assertThat(valid).isBetween(1000, 4500);
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
