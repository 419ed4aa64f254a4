package dev.rpcboot.jsonrpc;

import java.nio.charset.StandardCharsets;

import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Batch;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Call;
import dev.rpcboot.jsonrpc.JsonRpcMessage.Invalid;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.rpcboot.jsonrpc.Samples.READER;
import static dev.rpcboot.jsonrpc.Samples.call;
import static dev.rpcboot.jsonrpc.Samples.callWith;
import static dev.rpcboot.jsonrpc.Samples.text;
import static dev.rpcboot.jsonrpc.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class JsonRpcReaderTests {

	private static JsonRpcException refusalOf(byte[] body) {
		JsonRpcException refusal = catchThrowableOfType(JsonRpcException.class, () -> READER.read(body));
		assertThat(refusal).isNotNull();
		return refusal;
	}

	private static RpcStatus statusOf(String body) {
		return refusalOf(utf8(body)).status();
	}

	private static String repeated(String text, int times) {
		return text.repeat(times);
	}

	@Nested
	class Requests {

		@Test
		void findsMembersInAnyOrder() throws JsonRpcException {
			byte[] body = utf8(
					"{ \"params\" : [ 1 , {\"é\":\"\\u00e9\"} ] ,\"x\":{},\"id\": 7 ,\n\"method\":\"m\",\"jsonrpc\":\"2.0\"}");

			Call call = call(body);

			assertThat(call.method()).isEqualTo("m");
			assertThat(text(call.id())).isEqualTo("7");
			assertThat(text(call.params())).isEqualTo("[ 1 , {\"é\":\"\\u00e9\"} ]");
			assertThat(call.extremeNumber()).isFalse();
		}

		@ParameterizedTest
		@ValueSource(strings = { "7", "-0", "1.0", "1E+2", "18446744073709551617", "0.123456789012345678901234567891",
				"\"\"", "\"a\"", "\"\\u00e9\\ud83d\\ude00\\\"\\\\\\n\"", "\"é😀\"", "\"\\ud800\"", "null" })
		void keepsIdByteForByte(String id) throws JsonRpcException {
			for (String after : new String[] { ",\"method\":\"m\"}", " , \"method\":\"m\"}" }) {
				Call call = call(utf8("{\"jsonrpc\":\"2.0\",\"id\":" + id + after));

				assertThat(text(call.id())).isEqualTo(id);
				assertThat(call.isNotification()).isFalse();
			}
			assertThat(text(call(utf8("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\": " + id + " }")).id()))
				.isEqualTo(id);
		}

		@Test
		void isNotificationWithoutId() throws JsonRpcException {
			Call call = call(utf8("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}"));

			assertThat(call.isNotification()).isTrue();
			assertThat(call.params()).isNull();
		}

		@ParameterizedTest
		@ValueSource(strings = { "{\"jsonrpc\":\"1.0\",\"method\":\"m\",\"id\":7}", "{\"method\":\"m\",\"id\":7}",
				"{\"jsonrpc\":2.0,\"method\":\"m\",\"id\":7}", "{\"jsonrpc\":\"2.00\",\"method\":\"m\",\"id\":7}",
				"{\"jsonrpc\":\"2.0\",\"id\":7}", "{\"jsonrpc\":\"2.0\",\"method\":null,\"id\":7}",
				"{\"jsonrpc\":\"2.0\",\"method\":[\"m\"],\"id\":7}", "{\"jsonrpc\":\"2.0\",\"Method\":\"m\",\"id\":7}",
				"{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":null,\"id\":7}",
				"{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":\"x\",\"id\":7}",
				"{\"id\":7,\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":5}" })
		void refusesWhatIsNoRequestUnderItsId(String body) {
			JsonRpcException refusal = refusalOf(utf8(body));

			assertThat(refusal.status()).isEqualTo(RpcStatus.INVALID_REQUEST);
			assertThat(text(refusal.id())).isEqualTo("7");
		}

		@ParameterizedTest
		@ValueSource(strings = { "true", "[1]", "{\"a\":1}" })
		void refusesIdsOfOtherTypes(String id) {
			JsonRpcException refusal = refusalOf(utf8("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":" + id + "}"));

			assertThat(refusal.status()).isEqualTo(RpcStatus.INVALID_REQUEST);
			assertThat(refusal.id()).isNull();
		}

		@ParameterizedTest
		@ValueSource(strings = { "1", "null", "\"x\"", "true", "{}", "[]" })
		void refusesOtherJson(String body) {
			assertThat(statusOf(body)).isEqualTo(RpcStatus.INVALID_REQUEST);
		}

		@ParameterizedTest
		@ValueSource(strings = { "", " ", "{", "{}{}", "1 2", "\"x", "{\"a\":1,}", "[1,]", "/**/{}", "{a:1}", "{'a':1}",
				"[NaN]", "[042]", "[+1]", "[.5]", "[1.]", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"\\u0062\":2}}",
				"[\"\t\"]", "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":1}x", "method=m", "\u0000{}" })
		void refusesWhatIsNotStrictJson(String body) {
			assertThat(statusOf(body)).isEqualTo(RpcStatus.PARSE_ERROR);
		}

	}

	@Nested
	class Batches {

		@Test
		void keepsOrderAndMarksWhatIsNoRequest() throws JsonRpcException {
			String body = "[{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":1},5,[],{\"foo\":1,\"id\":\"x\"},{\"jsonrpc\":\"2.0\",\"method\":\"b\"}]";

			Batch batch = (Batch) READER.read(utf8(body));

			assertThat(batch.entries()).hasSize(5);
			assertThat(((Call) batch.entries().get(0)).method()).isEqualTo("a");
			assertThat(((Invalid) batch.entries().get(1)).id()).isNull();
			assertThat(((Invalid) batch.entries().get(2)).id()).isNull();
			assertThat(text(((Invalid) batch.entries().get(3)).id())).isEqualTo("\"x\"");
			assertThat(((Call) batch.entries().get(4)).isNotification()).isTrue();
		}

		@Test
		void takesAsManyEntriesAsAllowed() throws JsonRpcException {
			Batch batch = (Batch) READER.read(utf8("[1" + repeated(",1", 99) + "]"));

			assertThat(batch.entries()).hasSize(100);
		}

		@Test
		void refusesOneMoreWithoutReadingOn() {
			assertThat(statusOf("[1" + repeated(",1", 100) + ", this is not even JSON"))
				.isEqualTo(RpcStatus.PAYLOAD_TOO_LARGE);
		}

	}

	@Nested
	class Limits {

		@Test
		void refusesLongMethodName() throws JsonRpcException {
			assertThat(call(utf8("{\"jsonrpc\":\"2.0\",\"method\":\"" + repeated("m", 256) + "\"}")).method())
				.hasSize(256);
			assertThat(statusOf("{\"jsonrpc\":\"2.0\",\"method\":\"" + repeated("m", 257) + "\"}"))
				.isEqualTo(RpcStatus.INVALID_REQUEST);
		}

		@Test
		void countsIdInCharactersAndNotInBytes() throws JsonRpcException {
			String longest = "\"" + repeated("é", 1022) + "\"";

			assertThat(text(call(utf8("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":" + longest + "}")).id()))
				.isEqualTo(longest);
			JsonRpcException refusal = refusalOf(
					utf8("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":\"" + repeated("a", 1023) + "\"}"));
			assertThat(refusal.status()).isEqualTo(RpcStatus.INVALID_REQUEST);
			assertThat(refusal.id()).isNull();
		}

		@Test
		void refusesDeepNestingLongNumbersAndLongNames() throws JsonRpcException {
			assertThat(callWith(repeated("[", 99) + repeated("]", 99)).params()).isNotNull();
			assertThat(statusOf("{\"x\":" + repeated("[", 100) + repeated("]", 100) + "}"))
				.isEqualTo(RpcStatus.PARSE_ERROR);
			assertThat(statusOf(repeated("[", 100_000))).isEqualTo(RpcStatus.PARSE_ERROR);
			assertThat(statusOf("[" + repeated("9", 1001) + "]")).isEqualTo(RpcStatus.PARSE_ERROR);
			assertThat(statusOf("{\"" + repeated("k", 257) + "\":1}")).isEqualTo(RpcStatus.PARSE_ERROR);
		}

		@ParameterizedTest
		@ValueSource(strings = { "1e1000000000", "1e-1000000000", "1E+1001", "-0.1e-1000", "1e99999999999999999999",
				"0e5000" })
		void marksNumbersOfExtremeMagnitude(String number) throws JsonRpcException {
			assertThat(callWith("[" + number + "]").extremeNumber()).isTrue();
			assertThat(callWith("{\"a\":{\"b\":[0," + number + ",1]}}").extremeNumber()).isTrue();
		}

		@ParameterizedTest
		@ValueSource(strings = { "1e1000", "1e-1000", "1.5e400", "\"1e1000000000\"", "12.30", "-7" })
		void leavesOtherNumbersAlone(String number) throws JsonRpcException {
			assertThat(callWith("[" + number + "]").extremeNumber()).isFalse();
		}

	}

	@Nested
	class Encodings {

		@Test
		void refusesUtf16() {
			String body = "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":1}";

			assertThat(refusalOf(body.getBytes(StandardCharsets.UTF_16)).status()).isEqualTo(RpcStatus.PARSE_ERROR);
			assertThat(refusalOf(body.getBytes(StandardCharsets.UTF_16BE)).status()).isEqualTo(RpcStatus.PARSE_ERROR);
			assertThat(refusalOf(body.getBytes(StandardCharsets.UTF_16LE)).status()).isEqualTo(RpcStatus.PARSE_ERROR);
		}

		@Test
		void refusesOverlongForms() {
			byte[] body = utf8("{\"jsonrpc\":\"2.0\",\"method\":\"a??b\",\"id\":1}");
			int at = text(body).indexOf("??");
			body[at] = (byte) 0xC0;
			body[at + 1] = (byte) 0xAF;

			assertThat(refusalOf(body).status()).isEqualTo(RpcStatus.PARSE_ERROR);
		}

	}

}
