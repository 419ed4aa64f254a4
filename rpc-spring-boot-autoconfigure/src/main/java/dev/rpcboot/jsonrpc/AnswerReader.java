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
		EncodedResult usual = usualResult(body, id);
		if (usual != null) {
			return new JsonRpcAnswer.Success(usual);
		}
		try (JsonScanner scanner = new JsonScanner(this.factory, body)) {
			if (scanner.next() != JsonToken.START_OBJECT) {
				throw malformed("it is no JSON object");
			}
			Response response = response(scanner);
			scanner.end();
			JsonRpcAnswer answer = answer(response);
			checkId(response.id(), id, answer instanceof JsonRpcAnswer.Failure);
			return answer;
		}
		catch (JacksonException ex) {
			throw notStrict(ex);
		}
	}

	/**
	 * The result, if it is one and comes as a {@link ServerCodec} writes it; else what
	 * the answer is has to be found out.
	 */
	@Nullable EncodedResult usualResult(byte[] body, long id) {
		UsualScanner scanner = new UsualScanner(body, this.factory.streamReadConstraints());
		if (!scanner.skip(ServerCodec.BEFORE_ID) || !scanner.skip(id) || !scanner.skip(ServerCodec.BEFORE_RESULT)) {
			return null;
		}
		RawJson result = scanner.value();
		return (result != null && scanner.skip('}') && scanner.isWholeUtf8()) ? encoded(result) : null;
	}

	/**
	 * Reads the answer to a batch.
	 * @param firstId the id of its first request; those of the others follow
	 * @param count how many requests it had that are answered
	 * @return the answer to each, in the order of the requests; {@code null} where there
	 * is none
	 * @throws MalformedAnswerException if it cannot be told which answer is whose
	 */
	List<@Nullable JsonRpcAnswer> readBatch(byte[] body, long firstId, int count) throws MalformedAnswerException {
		@Nullable JsonRpcAnswer[] answers = new @Nullable JsonRpcAnswer[count];
		try (JsonScanner scanner = new JsonScanner(this.factory, body)) {
			if (scanner.next() != JsonToken.START_ARRAY) {
				throw malformed("it is no JSON array");
			}
			while (scanner.next() == JsonToken.START_OBJECT) {
				Response response = response(scanner);
				if (response.isErrorOfNobody()) {
					// some request could not be read: it is among those without an answer
					continue;
				}
				int index = index(response.id(), firstId, count);
				if (answers[index] != null) {
					throw malformed("it has two responses with the id " + (firstId + index));
				}
				answers[index] = entry(response);
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

	/**
	 * Finds the members of a response, whose end is reached whatever is in it.
	 */
	private static Response response(JsonScanner scanner) {
		String version = null;
		RawJson id = null;
		RawJson result = null;
		RawJson error = null;
		boolean extremeResult = false;
		String member;
		while ((member = scanner.nextMember()) != null) {
			switch (member) {
				case "jsonrpc" -> version = scanner.text(VERSION.length());
				case "id" -> id = scanner.value();
				case "result" -> {
					result = scanner.value();
					extremeResult = scanner.sawExtremeNumber();
				}
				case "error" -> error = scanner.value();
				default -> scanner.value();
			}
		}
		return new Response(version, id, result, extremeResult, error);
	}

	private JsonRpcAnswer entry(Response response) {
		try {
			return answer(response);
		}
		catch (MalformedAnswerException ex) {
			return new JsonRpcAnswer.Malformed(ex);
		}
	}

	private JsonRpcAnswer answer(Response response) throws MalformedAnswerException {
		RawJson result = response.result();
		RawJson error = response.error();
		if (!VERSION.equals(response.version())) {
			throw malformed("it does not say \"jsonrpc\":\"2.0\"");
		}
		if ((result == null) == (error == null)) {
			throw malformed("it must have either a result or an error");
		}
		if (response.extremeResult()) {
			throw malformed("it has a number of extreme magnitude");
		}
		return (result != null) ? new JsonRpcAnswer.Success(encoded(result))
				: new JsonRpcAnswer.Failure(error(Objects.requireNonNull(error)));
	}

	private JsonRpcError error(RawJson error) throws MalformedAnswerException {
		try (JsonScanner scanner = new JsonScanner(this.factory, copy(error.bytes(), error.from(), error.to()))) {
			scanner.next();
			return this.errors.read(scanner);
		}
	}

	private static EncodedResult encoded(RawJson json) {
		return new EncodedResult(json.bytes(), json.from(), json.to());
	}

	// a scanner reads whole arrays of bytes
	private static byte[] copy(byte[] bytes, int from, int to) {
		return Arrays.copyOfRange(bytes, from, to);
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
		byte[] json = copy(result.bytes(), result.from(), result.to());
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
				elements.add(encoded(scanner.value()));
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
	 * One response object, as it stands; members that it has not are {@code null}.
	 *
	 * @param extremeResult whether its result has a number of extreme magnitude
	 */
	private record Response(@Nullable String version, @Nullable RawJson id, @Nullable RawJson result,
			boolean extremeResult, @Nullable RawJson error) {

		boolean isErrorOfNobody() {
			return this.error != null && this.result == null && this.id != null && this.id.isAscii("null");
		}

	}

}
