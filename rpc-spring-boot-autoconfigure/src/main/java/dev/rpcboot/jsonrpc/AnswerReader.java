package dev.rpcboot.jsonrpc;

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

	static MalformedAnswerException malformed(String reason) {
		return new MalformedAnswerException("The answer is malformed: " + reason, null);
	}

}
