package dev.rpcboot.jsonrpc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads answers, strictly, and leaves their results encoded. Safe for concurrent use.
 */
final class AnswerReader {

	private static final String VERSION = "2.0";

	private final JsonFactory factory;

	private final ErrorReader errors;

	AnswerReader(JsonRpcMapper mapper) {
		this.factory = mapper.mapper().tokenStreamFactory();
		this.errors = new ErrorReader(mapper);
	}

	JsonRpcAnswer read(byte[] body, long id) throws MalformedAnswerException {
		try (JsonScanner scanner = new JsonScanner(this.factory, body)) {
			if (scanner.next() != JsonToken.START_OBJECT) {
				throw malformed("it is no JSON object");
			}
			return answer(scanner, id);
		}
		catch (JacksonException ex) {
			throw new MalformedAnswerException("The answer is malformed: it is not strict JSON", ex);
		}
	}

	private JsonRpcAnswer answer(JsonScanner scanner, long id) throws MalformedAnswerException {
		String version = null;
		RawJson answeredId = null;
		RawJson result = null;
		JsonRpcError error = null;
		String member;
		while ((member = scanner.nextMember()) != null) {
			switch (member) {
				case "jsonrpc" -> version = scanner.text(VERSION.length());
				case "id" -> answeredId = scanner.value();
				case "result" -> {
					result = scanner.value();
					if (scanner.sawExtremeNumber()) {
						throw malformed("it has a number of extreme magnitude");
					}
				}
				case "error" -> error = this.errors.read(scanner);
				default -> scanner.value();
			}
		}
		scanner.end();
		if (!VERSION.equals(version)) {
			throw malformed("it does not say \"jsonrpc\":\"2.0\"");
		}
		if ((result == null) == (error == null)) {
			throw malformed("it must have either a result or an error");
		}
		checkId(answeredId, id, error != null);
		if (result == null) {
			return new JsonRpcAnswer.Failure(Objects.requireNonNull(error));
		}
		return new JsonRpcAnswer.Success(new EncodedResult(result.bytes(), result.from(), result.to()));
	}

	private static void checkId(@Nullable RawJson answered, long id, boolean nullAllowed)
			throws MalformedAnswerException {
		boolean matches = answered != null
				&& (answered.isAscii(Long.toString(id)) || (nullAllowed && answered.isAscii("null")));
		if (!matches) {
			throw malformed("it does not bear the id of its request, " + id);
		}
	}

	/**
	 * Cuts a result that is an array into its elements; {@code null} has none.
	 */
	List<EncodedResult> elements(EncodedResult result) throws MalformedAnswerException {
		// a scanner reads whole arrays of bytes
		byte[] json = Arrays.copyOfRange(result.bytes(), result.from(), result.to());
		List<EncodedResult> elements = new ArrayList<>();
		try (JsonScanner scanner = new JsonScanner(this.factory, json)) {
			JsonToken first = scanner.next();
			if (first == JsonToken.VALUE_NULL) {
				return elements;
			}
			if (first != JsonToken.START_ARRAY) {
				throw malformed("its result is no array of items");
			}
			while (scanner.next() != JsonToken.END_ARRAY) {
				RawJson element = scanner.value();
				elements.add(new EncodedResult(element.bytes(), element.from(), element.to()));
			}
			return elements;
		}
	}

	static MalformedAnswerException malformed(String reason) {
		return new MalformedAnswerException("The answer is malformed: " + reason, null);
	}

}
