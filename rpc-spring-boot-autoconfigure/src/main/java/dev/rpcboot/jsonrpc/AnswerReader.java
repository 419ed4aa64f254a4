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
			Response response = response(scanner);
			scanner.end();
			checkId(response.id(), id, response.answer() instanceof JsonRpcAnswer.Failure);
			return response.answer();
		}
		catch (JacksonException ex) {
			throw notStrict(ex);
		}
	}

	/**
	 * Reads the answer to a batch.
	 * @param firstId the id of its first request; those of the others follow
	 * @param count how many requests it had that are answered
	 * @return the answer to each, in the order of the requests; {@code null} where there
	 * is none
	 */
	List<@Nullable JsonRpcAnswer> readBatch(byte[] body, long firstId, int count) throws MalformedAnswerException {
		@Nullable JsonRpcAnswer[] answers = new @Nullable JsonRpcAnswer[count];
		try (JsonScanner scanner = new JsonScanner(this.factory, body)) {
			if (scanner.next() != JsonToken.START_ARRAY) {
				throw malformed("it is no JSON array");
			}
			while (scanner.next() == JsonToken.START_OBJECT) {
				Response response = response(scanner);
				int index = index(response.id(), firstId, count);
				if (answers[index] != null) {
					throw malformed("it has two responses with the id " + (firstId + index));
				}
				answers[index] = response.answer();
			}
			if (scanner.current() != JsonToken.END_ARRAY) {
				throw malformed("it has an entry that is no JSON object");
			}
			scanner.end();
		}
		catch (JacksonException ex) {
			throw notStrict(ex);
		}
		return Arrays.asList(answers);
	}

	private Response response(JsonScanner scanner) throws MalformedAnswerException {
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
		if (!VERSION.equals(version)) {
			throw malformed("it does not say \"jsonrpc\":\"2.0\"");
		}
		if ((result == null) == (error == null)) {
			throw malformed("it must have either a result or an error");
		}
		if (result == null) {
			return new Response(answeredId, new JsonRpcAnswer.Failure(Objects.requireNonNull(error)));
		}
		return new Response(answeredId,
				new JsonRpcAnswer.Success(new EncodedResult(result.bytes(), result.from(), result.to())));
	}

	private static int index(@Nullable RawJson id, long firstId, int count) throws MalformedAnswerException {
		if (id != null) {
			try {
				long index = Long.parseLong(id.text()) - firstId;
				if (index >= 0 && index < count && id.isAscii(Long.toString(firstId + index))) {
					return (int) index;
				}
			}
			catch (NumberFormatException ex) {
				// not one of ours, which are numbers
			}
		}
		throw malformed("it has a response to no request of the batch");
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

	private static MalformedAnswerException notStrict(JacksonException cause) {
		return new MalformedAnswerException("The answer is malformed: it is not strict JSON", cause);
	}

	static MalformedAnswerException malformed(String reason) {
		return new MalformedAnswerException("The answer is malformed: " + reason, null);
	}

	/**
	 * One response object.
	 *
	 * @param id the id it bears, or {@code null} if it has none
	 */
	private record Response(@Nullable RawJson id, JsonRpcAnswer answer) {
	}

}
