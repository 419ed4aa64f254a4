package dev.rpcboot.jsonrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Batch;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Call;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Entry;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Invalid;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Single;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadConstraints;

import static dev.rpcboot.jsonrpc.Samples.READER;
import static dev.rpcboot.jsonrpc.Samples.client;
import static dev.rpcboot.jsonrpc.Samples.server;
import static dev.rpcboot.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages as ours are written, and others nearly so, beside the same with a space before
 * them, which are read token by token.
 */
class UsualMessageTests {

	private static final JsonRpcLimits LIMITS = new JsonRpcLimits(8, 12, 6, 5, 12, 3);

	private static final UsualRequestReader USUAL = new UsualRequestReader(LIMITS,
			StreamReadConstraints.builder()
				.maxNestingDepth(LIMITS.maxNestingDepth())
				.maxNumberLength(LIMITS.maxNumberLength())
				.maxNameLength(LIMITS.maxNameLength())
				.build());

	private static final JsonRpcReader STRICT = new JsonRpcReader(LIMITS);

	private static final String REQUEST = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"greet\",\"params\":[\"é\",{\"a\":[1.5]}]}";

	private static final String WITH_HEADERS = "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"greet\",\"params\":{},"
			+ "\"headers\":{\"Rpc-Attempt\":\"2\",\"traceparent\":\"00-1-2-01\"}}";

	private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"a\":[\"é\",1.5,null]}}";

	private static final String[] PARTS = { "{", "}", "[", "]", ",", ":", "\"", "\\", " ", "-", "0", "7", "8", ".5",
			"e9", "null", "true", "\"a\":", "\"id\":7,", "\"method\":", "\"params\":", "\"headers\":", "\"result\":",
			"\"jsonrpc\":\"2.0\",", "\\u0061", "\\n", "\t", "é", "\u00ff", "\ud83d\ude00", "123456", "1234567",
			"\"Rpc-Attempt\":\"2\",", "\"Host\":\"x\",", "[[[[[[", "x".repeat(13), "\"error\":{}," };

	@Test
	void areReadAtOnceIfTheyAreWrittenByOurs() {
		CoalescedCodec coalesced = new CoalescedCodec(64);
		coalesced.add(client("greet").encodeRequest(7, new Object[] { "é" }), RpcHeaders.EMPTY);
		coalesced.add(client("nothing").encodeRequest(12, new Object[0]),
				RpcHeaders.of("Rpc-Attempt", "2", "traceparent", "00-1-2-01"));

		assertThat(USUAL.read(client("greet").encodeRequest(7, new Object[] { "world" }))).isInstanceOf(Single.class);
		assertThat(USUAL.read(coalesced.encode())).isInstanceOf(Batch.class);
	}

	@Test
	void areReadAtOnceIfTheyAnswerOurs() throws Exception {
		byte[] answer = server("greet").encodeResult(new RawJson(utf8("7"), 0, 1), "hello", 1000);

		assertThat(new AnswerReader(Samples.MAPPER).usualResult(answer, 7)).isNotNull();
	}

	@Test
	void haveWhatTheySay() throws Exception {
		Call call = ((Single) READER.read(utf8(WITH_HEADERS))).call();

		assertThat(describe(call)).isEqualTo("8 greet {} false [Rpc-Attempt=2, traceparent=00-1-2-01]");
		byte[] answer = server("greet").encodeResult(new RawJson(utf8("7"), 0, 1), "hello", 1000);
		assertThat(answer("greet", text(answer), 7)).isEqualTo("\"hello\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[", "[]", "{\"jsonrpc\":\"2.0\",\"id\":", "[{\"jsonrpc\":\"2.0\",\"id\":7",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[],\"headers\":}}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[],\"headers\":{}}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[[[[[[]]]]]]}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[[[[[[[]]]]]]]}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[[[[[[[[]]]]]]]]}",
			"[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[[[[[[]]]]]]}]",
			"[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[[[[[[[]]]]]]]}]",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[],\"headers\":"
					+ "{\"traceparent\":\"1\",\"traceparent\":\"2\"}}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[],\"headers\":{\"Rpc-Timeout-Ms\":\"250\"}}",
			"{\"jsonrpc\":\"2.0\",\"id\":false,\"method\":\"m\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"m\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"m\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"m\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":123456,\"method\":\"m\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"éééé\",\"method\":\"m\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"ééééé\",\"method\":\"m\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"éééééééééééé\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ééééééééééééé\",\"params\":[]}",
			"[[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[]}]",
			"[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[]},]",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"params\":[]}{" })
	void areJudgedAlikeAtTheLimitsAndBeyond(String body) {
		assertAlike(body);
	}

	@Test
	void areJudgedAlikeIfThereAreTooMany() {
		for (int entries = 1; entries <= 4; entries++) {
			assertAlike("[" + (REQUEST + ",").repeat(entries - 1) + REQUEST + "]");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1024, 1025 })
	void areJudgedAlikeIfAHeaderIsLong(int length) {
		String body = WITH_HEADERS.replace("00-1-2-01", "x".repeat(length));

		assertAlike(body);
		assertThat(USUAL.read(utf8(body)) != null).isEqualTo(length == JsonRpcReader.MAX_HEADER_LENGTH);
	}

	@Test
	void areNoAnswersWithoutAnId() {
		assertThat(answer("greet", "{\"jsonrpc\":\"2.0\",\"id\":,\"result\":1}", 0)).startsWith("refused");
	}

	@Test
	void areNoAnswersIfTheirNumberIsTooLong() {
		AnswerReader reader = new AnswerReader(JsonRpcMapper.create(LIMITS, List.of()));

		assertThat(reader.usualResult(utf8("{\"jsonrpc\":\"2.0\",\"id\":12345,\"result\":1}"), 12345)).isNotNull();
		assertThat(reader.usualResult(utf8("{\"jsonrpc\":\"2.0\",\"id\":123456,\"result\":1}"), 123456)).isNull();
	}

	@Test
	void areJudgedAlikeIfTheyAreNoUtf8() {
		byte[] body = utf8(REQUEST);
		body[REQUEST.indexOf('é')] = (byte) 0xff;

		assertThat(USUAL.read(body)).isNull();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 7, 9, 10, 99, 100, 101, 1234567890123L, Long.MAX_VALUE, -1, Long.MIN_VALUE })
	void areAnswersToTheirRequestAlone(long id) {
		for (long other : new long[] { id, id + 1, id * 10, id / 10, id % 10, -id }) {
			String answer = "{\"jsonrpc\":\"2.0\",\"id\":" + other + ",\"result\":1}";

			assertThat(answer("greet", answer, id)).isEqualTo((other == id) ? "1" : answer("greet", " " + answer, id));
		}
	}

	@RepeatedTest(20)
	void areJudgedAlikeWhateverIsChangedInThem(RepetitionInfo repetition) {
		SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
		String[] messages = { REQUEST, WITH_HEADERS, "[" + REQUEST + "," + WITH_HEADERS + "]", ANSWER };
		int usual = 0;
		int refused = 0;
		for (int i = 0; i < 4000; i++) {
			StringBuilder changed = new StringBuilder(messages[random.nextInt(messages.length)]);
			for (int changes = random.nextInt(3); changes > 0; changes--) {
				int at = random.nextInt(changed.length() + 1);
				String part = PARTS[random.nextInt(PARTS.length)];
				changed.replace(at, Math.min(changed.length(), at + random.nextInt(4)), part);
			}
			String body = text(utf8(changed.toString()));
			usual += (USUAL.read(utf8(body)) != null) ? 1 : 0;
			refused += assertAlike(body) ? 1 : 0;
		}
		assertThat(usual).isGreaterThan(1000);
		assertThat(refused).isGreaterThan(1000);
	}

	/**
	 * Reads it in both ways, as a request and as an answer.
	 * @return whether it is refused as a request
	 */
	private static boolean assertAlike(String body) {
		String expected = request(" " + body);
		assertThat(request(body)).as(body).isEqualTo(expected);
		assertThat(answer("greet", body, 7)).as(body).isEqualTo(answer("greet", " " + body, 7));
		return expected.startsWith("refused");
	}

	private static String request(String body) {
		try {
			JsonRpcMessage read = STRICT.read(utf8(body));
			return (read instanceof Single single) ? describe(single.call())
					: ((Batch) read).entries().stream().map(UsualMessageTests::describe).toList().toString();
		}
		catch (JsonRpcException ex) {
			return "refused: " + ex.status() + " " + text(ex.id());
		}
	}

	private static String answer(String method, String body, long id) {
		try {
			JsonRpcAnswer read = client(method).readAnswer(utf8(body), id);
			return (read instanceof JsonRpcAnswer.Success success) ? text(success.result())
					: read.getClass().getSimpleName();
		}
		catch (MalformedAnswerException ex) {
			return "refused: " + ex.getMessage();
		}
	}

	private static String describe(Entry entry) {
		if (entry instanceof Invalid invalid) {
			return "invalid " + text(invalid.id());
		}
		Call call = (Call) entry;
		return text(call.id()) + " " + call.method() + " " + text(call.params()) + " " + call.extremeNumber() + " "
				+ describe(call.headers());
	}

	private static String describe(@Nullable RpcHeaders headers) {
		List<String> entries = new ArrayList<>();
		if (headers != null) {
			headers.forEach((name, value) -> entries.add(name + "=" + value));
		}
		return (headers != null) ? entries.toString() : "no headers";
	}

	private static String text(@Nullable RawJson json) {
		return (json != null) ? json.text() : "none";
	}

	private static String text(EncodedResult result) {
		return new RawJson(result.bytes(), result.from(), result.to()).text();
	}

	private static String text(byte[] utf8) {
		return Samples.text(utf8);
	}

}
