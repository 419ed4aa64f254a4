package dev.rpcboot.client.transport;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is an answer of HTTP/1.1, and what is not.
 */
class AnswerParserTests {

	private static final String OK = "HTTP/1.1 200 OK\r\n";

	private static final String EMPTY = "Content-Length: 0\r\n\r\n";

	@Test
	void readsOneAnswerAfterTheOther() throws Exception {
		AnswerLines lines = new AnswerLines(
				stream(OK + "Content-Length: 2\r\n\r\n{}" + "HTTP/1.1 204 No Content\r\n\r\n" + OK
						+ "transfer-encoding: Chunked\r\n\r\n2 ;a=b\r\n[]\r\n0\r\nT: x\r\n\r\n"));
		AnswerParser parser = new AnswerParser(lines);

		assertThat(parser.read(10).body()).asString().isEqualTo("{}");
		assertThat(parser.read(10).body()).isEmpty();
		assertThat(parser.read(10).body()).asString().isEqualTo("[]");
		assertThat(lines.hasMore()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 9\r\n\r\n{\"a\":123}", "Content-Length: 0\r\n\r\n", "\r\n{\"a\":1}",
			"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n" })
	void readsTheSameInWhateverPiecesItComes(String rest) throws Exception {
		String answer = "HTTP/1.1 100 Continue\r\n\r\n" + OK + "Rpc-Status:  OK \r\nContent-Type: application/json\r\n"
				+ rest;
		Answer whole = parse(answer, 100);

		for (int piece = 1; piece < answer.length(); piece++) {
			Answer pieced = new AnswerParser(new AnswerLines(new Pieces(answer, piece))).read(100);
			assertThat(pieced.body()).isEqualTo(whole.body());
			assertThat(pieced.headers()).isEqualTo(whole.headers());
		}
		assertThat(whole.headers()).isEqualTo(RpcHeaders.of("Rpc-Status", "OK", "Content-Type", "application/json"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200OK\r\n", "HTTP/1.1  200\r\n", "HTTP/2 200\r\n", "HTTP/1.2 200\r\n",
			"HTTP/1.1 099\r\n", "HTTP/1.1 20\r\n", "HTTP/1.1 2000\r\n", "HTTP/1.1 +20\r\n", "http/1.1 200\r\n", "\r\n",
			" HTTP/1.1 200\r\n", "HTTP/1.1 101 Switching\r\n" })
	void refusesOtherStatusLines(String line) {
		assertMalformed(line + EMPTY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: +1\r\n",
			"Content-Length: -1\r\n", "Content-Length: 1, 1\r\n", "Content-Length: 0x1\r\n", "Content-Length:\r\n",
			"Content-Length: 9999999999999999\r\n", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
			"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "Transfer-Encoding: gzip, chunked\r\n",
			"Transfer-Encoding: identity\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" })
	void refusesLengthsThatTwoReadersCouldUnderstandInTwoWays(String headers) {
		assertMalformed(OK + headers + "\r\n1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X: 1\n", "X : 1\r\n", ": 1\r\n", "X\r\n", "X: 1\r\n folded\r\n", "X\u00e4: 1\r\n",
			"X\u0000: 1\r\n", "X(y): 1\r\n", "Content-Length : 0\r\n", "X: 1\r2\r\n", "X: 1\u00002\r\n" })
	void refusesLinesThatAreNoHeaders(String line) {
		assertMalformed(OK + line + EMPTY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r\n", "-1\r\n", "0x1\r\nx\r\n", "1\nx\r\n0\r\n\r\n", "1\r\nxy\r\n0\r\n\r\n",
			"1000000000000000\r\n", "1,\r\nx\r\n", " 1\r\nx\r\n", "1 x\r\nx\r\n" })
	void refusesChunksThatAreNone(String chunks) {
		assertMalformed(OK + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
	}

	@Test
	void refusesHeadsAboveTheLimits() {
		assertMalformed(OK + "X: " + "y".repeat(16 * 1024) + "\r\n" + EMPTY);
		assertMalformed(OK + "X: y\r\n".repeat(101) + EMPTY);
		assertMalformed(OK + IntStream.rangeClosed(0, 100).mapToObj((i) -> "Rpc-" + i + ": y\r\n").collect(joining()));
		assertMalformed(OK + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "X: y\r\n".repeat(101) + "\r\n");
		assertMalformed("HTTP/1.1 102 Processing\r\n\r\n".repeat(101) + OK + EMPTY);
	}

	@Test
	void readsHeadsUpToTheLimits() throws Exception {
		String long1 = "X: " + "y".repeat(16 * 1024 - 100) + "\r\n";

		assertThat(parse(OK + long1 + "X: y\r\n".repeat(98) + EMPTY, 10).status()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "Content-Length: 4,abcd", "Transfer-Encoding: chunked,'3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n'",
			"X: y,abcd" })
	void refusesBodiesAboveTheLimit(String header, String body) throws Exception {
		String answer = OK + header + "\r\n\r\n" + body;

		assertThat(parse(answer, 4).body()).asString().isEqualTo("abcd");
		assertThatExceptionOfType(AnswerTooLargeException.class).isThrownBy(() -> parse(answer, 3));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 200", OK, OK + "X: y\r\n", OK + "Content-Length: 2\r\n\r\n{",
			OK + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n" })
	void tellsAnAnswerThatEndsTooSoonFromAMalformedOne(String answer) {
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> parse(answer, 100));
	}

	@ParameterizedTest
	@CsvSource({ "1.1,'',9223372036854775807", "1.1,'Connection: close',0", "1.1,'Connection: a, CLOSE',0",
			"1.1,'Connection: keep-alive',9223372036854775807", "1.0,'',0",
			"1.0,'Connection: Keep-Alive',9223372036854775807", "1.1,'Keep-Alive: timeout=5',4",
			"1.1,'Keep-Alive: max=7 , timeout=60',59", "1.1,'Keep-Alive: timeout=0',0",
			"1.1,'Keep-Alive: timeout=x',9223372036854775807" })
	void saysForHowLongTheConnectionCanBeUsed(String version, String header, long seconds) throws Exception {
		AnswerParser parser = parser(
				"HTTP/" + version + " 200 OK\r\n" + header + (header.isEmpty() ? "" : "\r\n") + EMPTY);

		parser.read(10);

		assertThat(parser.keepSeconds()).isEqualTo(seconds);
	}

	@Test
	void usesAConnectionWhoseEndIsTheEndOfTheBodyNoMore() throws Exception {
		AnswerParser parser = parser(OK + "\r\n{}");

		parser.read(10);

		assertThat(parser.keepSeconds()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "204 No Content\r\nTransfer-Encoding: chunked", "304 Not Modified\r\nContent-Length: 5",
			"204 No Content\r\nContent-Length: 1" })
	void usesAConnectionNoMoreThatMayBearABodyWhereThereIsNone(String head) throws Exception {
		AnswerParser parser = parser("HTTP/1.1 " + head + "\r\n\r\n");

		assertThat(parser.read(10).body()).isEmpty();
		assertThat(parser.keepSeconds()).isZero();
	}

	@Test
	void refusesChunksOfHttp10() {
		assertMalformed("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
	}

	@Test
	void passesOnWhatACallerMayActOn() throws Exception {
		Answer answer = parse(OK + "Rpc-Status: OK\r\nrpc-status: LATER\r\nContent-Encoding: gzip\r\n"
				+ "Content-Encoding: br\r\nRpc-Meta-Name: J\u00fcrgen\r\nServer: x\r\nRetry-After: 3\r\n" + EMPTY, 10);

		assertThat(answer.headers())
			.isEqualTo(RpcHeaders.of("Rpc-Status", "OK", "Content-Encoding", "gzip, br", "Retry-After", "3"));
	}

	private static void assertMalformed(String answer) {
		assertThatExceptionOfType(MalformedAnswerException.class).as(answer).isThrownBy(() -> parse(answer, 1000));
	}

	private static Answer parse(String answer, long maxSize) throws IOException {
		return parser(answer).read(maxSize);
	}

	private static AnswerParser parser(String answer) {
		return new AnswerParser(new AnswerLines(stream(answer)));
	}

	private static InputStream stream(String bytes) {
		return new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Gives no more than a few bytes at a time.
	 */
	private static final class Pieces extends ByteArrayInputStream {

		private final int size;

		Pieces(String bytes, int size) {
			super(bytes.getBytes(StandardCharsets.ISO_8859_1));
			this.size = size;
		}

		@Override
		public synchronized int read(byte[] target, int offset, int length) {
			return super.read(target, offset, Math.min(this.size, length));
		}

	}

}
