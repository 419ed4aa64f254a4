package dev.rpcboot.server;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Compares an answer with what a vector expects; the rules stand in the README beside the
 * vectors.
 */
final class ConformanceMatcher {

	private static final JsonMapper STRICT = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	static final Pattern LEAK = Pattern
		.compile("(?i)(\\bat [\\w.$]+\\([\\w.]*:?\\d*\\)|exception|jackson|stack ?trace|caused by"
				+ "|java\\.(lang|util|io)|springframework|/(home|root)/)");

	private ConformanceMatcher() {
	}

	/**
	 * Everything that is wrong with an answer.
	 */
	static List<String> compare(ConformanceVector vector, HttpStatusMode mode, RawHttp.Answer answer, long millis) {
		List<String> wrong = new ArrayList<>();
		if (!accepts(vector.expectedStatus(mode), answer.status())) {
			wrong.add("status " + answer.status() + ", expected " + vector.expectedStatus(mode));
		}
		if (answer.status() >= 500 && answer.status() != 504) {
			wrong.add("5xx");
		}
		compareBody(vector, mode, answer, wrong);
		String text = answer.text();
		if (vector.get("expectRawMatches").isString() && !find(vector.get("expectRawMatches").asString(), text)) {
			wrong.add("lacks /" + vector.get("expectRawMatches").asString() + "/: " + text);
		}
		if (vector.get("expectRawNotMatches").isString() && find(vector.get("expectRawNotMatches").asString(), text)) {
			wrong.add("has /" + vector.get("expectRawNotMatches").asString() + "/");
		}
		if (LEAK.matcher(text).find() && !LEAK.matcher(vector.get("request").asString("")).find()) {
			wrong.add("leak: " + text);
		}
		vector.get("expectHeaders").properties().forEach((header) -> {
			String value = answer.header(header.getKey());
			if (value == null || !find(header.getValue().asString(), value)) {
				wrong.add("header " + header.getKey() + " is " + value);
			}
		});
		vector.get("expectNoHeaders").forEach((header) -> {
			if (answer.header(header.asString()) != null) {
				wrong.add("header " + header.asString() + " is there");
			}
		});
		if (millis > vector.get("maxMillis").asLong(Long.MAX_VALUE)) {
			wrong.add("took " + millis + " ms");
		}
		if (answer.body().length > vector.get("maxResponseBytes").asInt(Integer.MAX_VALUE)) {
			wrong.add("answer of " + answer.body().length + " bytes");
		}
		return wrong;
	}

	private static void compareBody(ConformanceVector vector, HttpStatusMode mode, RawHttp.Answer answer,
			List<String> wrong) {
		JsonNode expected = vector.get("expectResponse");
		if (expected.isNull()) {
			if (answer.body().length > 0) {
				wrong.add("body must be empty, is " + answer.text());
			}
			return;
		}
		if (isAny(expected)) {
			return;
		}
		JsonNode actual = MissingNode.getInstance();
		if (answer.body().length > 0) {
			try {
				actual = strict(answer.body());
			}
			catch (CharacterCodingException | JacksonException ex) {
				wrong.add("no strict JSON: " + ex + " " + answer.text());
			}
		}
		boolean ordered = vector.get("ordered").asBoolean(false);
		if (vector.get("expectAnyOf").isArray()) {
			for (JsonNode alternative : vector.get("expectAnyOf")) {
				boolean status = mode != HttpStatusMode.HYBRID || alternative.get("status").asInt() == answer.status();
				if (status && (isAny(alternative.get("response"))
						|| matchesTop(alternative.get("response"), actual, ordered))) {
					return;
				}
			}
			wrong.add("no alternative matches " + answer.text());
		}
		else if (!matchesTop(expected, actual, ordered)) {
			wrong.add("got " + answer.text());
		}
	}

	/**
	 * Parses an answer as strictly as its receiver might.
	 */
	static JsonNode strict(byte[] body) throws CharacterCodingException {
		String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
		return STRICT.readTree(text);
	}

	/**
	 * Reads all of an answer without making numbers of its digits, which an id may have
	 * more of than any number type.
	 */
	static void checkStrict(byte[] body) throws CharacterCodingException {
		String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
		try (JsonParser parser = STRICT.createParser(text)) {
			int values = 0;
			int depth = 0;
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
				values += (depth == 0) ? 1 : 0;
			}
			if (values != 1) {
				throw new IllegalStateException(values + " values in place of one");
			}
		}
	}

	private static boolean accepts(JsonNode expected, int status) {
		if (!expected.isArray()) {
			return expected.asInt() == status;
		}
		for (JsonNode one : expected) {
			if (one.asInt() == status) {
				return true;
			}
		}
		return false;
	}

	private static boolean isAny(JsonNode expected) {
		return expected.isString() && expected.asString().equals("<any>");
	}

	private static boolean find(String regex, String text) {
		return Pattern.compile(regex).matcher(text).find();
	}

	private static boolean matchesTop(JsonNode expected, JsonNode actual, boolean ordered) {
		if (!expected.isArray() || !actual.isArray() || ordered) {
			return matches(expected, actual, false);
		}
		List<JsonNode> rest = new ArrayList<>();
		actual.forEach(rest::add);
		for (JsonNode one : expected) {
			JsonNode found = rest.stream().filter((other) -> matches(one, other, false)).findFirst().orElse(null);
			if (found == null) {
				return false;
			}
			rest.remove(rest.indexOf(found));
		}
		return rest.isEmpty();
	}

	private static boolean matches(JsonNode expected, JsonNode actual, boolean error) {
		if (expected.isString() && expected.asString().matches("(?s)<.*>")) {
			return matchesPlaceholder(expected.asString(), actual);
		}
		if (expected.isNumber()) {
			return actual.isNumber()
					&& new BigDecimal(expected.asString()).compareTo(new BigDecimal(actual.asString())) == 0;
		}
		if (expected.isObject()) {
			return actual.isObject() && matchesObject(expected, actual, error);
		}
		if (expected.isArray()) {
			if (!actual.isArray() || actual.size() != expected.size()) {
				return false;
			}
			for (int i = 0; i < expected.size(); i++) {
				if (!matches(expected.get(i), actual.get(i), false)) {
					return false;
				}
			}
			return true;
		}
		return expected.equals(actual);
	}

	private static boolean matchesObject(JsonNode expected, JsonNode actual, boolean error) {
		Set<String> expectedNames = new HashSet<>(expected.propertyNames());
		boolean open = expectedNames.remove("<allow-extra>");
		Set<String> actualNames = new HashSet<>(actual.propertyNames());
		if (error) {
			expectedNames.remove("data");
			actualNames.remove("data");
		}
		if (!actualNames.containsAll(expectedNames) || (!open && !expectedNames.containsAll(actualNames))) {
			return false;
		}
		return expectedNames.stream()
			.allMatch((name) -> matches(expected.get(name), actual.get(name), name.equals("error")));
	}

	private static boolean matchesPlaceholder(String placeholder, JsonNode actual) {
		String kind = placeholder.substring(1, placeholder.length() - 1);
		if (kind.startsWith("one-of:")) {
			for (String one : kind.substring("one-of:".length()).split("\\|")) {
				if (matches(STRICT.readTree(one), actual, false)) {
					return true;
				}
			}
			return false;
		}
		return switch (kind) {
			case "any" -> true;
			case "any-string" -> actual.isString();
			case "any-integer" -> actual.isIntegralNumber();
			case "any-object" -> actual.isObject();
			case "any-array" -> actual.isArray();
			default -> throw new IllegalArgumentException("Unknown placeholder " + placeholder);
		};
	}

}
