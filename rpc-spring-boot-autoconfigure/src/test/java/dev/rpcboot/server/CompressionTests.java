package dev.rpcboot.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compressed requests and answers, as foreign and hostile callers see them.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(30)
class CompressionTests {

	private static RunningServer server;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, OrdersApplication.class, "rpc.server.max-request-size=200KB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "x-gzip", "GZIP", "zstd" })
	void readsACompressedRequest(String coding) throws IOException {
		RawHttp.Answer answer = send(coding, encode(coding, greet("Ada")));

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).contains("Hello, Ada");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "zstd" })
	void stopsABombAtTheLimitOfARequest(String coding) throws IOException {
		byte[] bomb = encode(coding, greet("0".repeat(64 * 1024 * 1024)));
		assertThat(bomb).hasSizeLessThan(200 * 1024);

		RawHttp.Answer answer = send(coding, bomb);

		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.header("Rpc-Status")).isEqualTo("PAYLOAD_TOO_LARGE");
		assertThat(answer.text()).contains("-32017", "\"id\":null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "zstd" })
	void refusesACompressedRequestThatIsCutShortOrHasMoreBehindIt(String coding) throws IOException {
		byte[] whole = encode(coding, greet("Ada"));

		for (byte[] body : new byte[][] { Arrays.copyOf(whole, whole.length - 1), Arrays.copyOf(whole, 5),
				Arrays.copyOf(whole, whole.length + 1), new byte[0], greet("Ada") }) {
			RawHttp.Answer answer = send(coding, body);

			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.header("Rpc-Status")).isEqualTo("PARSE_ERROR");
			assertThat(answer.text()).contains("-32700").doesNotContain("Hello");
		}
	}

	@Test
	void refusesAZstdFrameThatClaimsAHugeWindow() {
		RawHttp.Answer answer = send("zstd", HexFormat.of().parseHex("28b52ffd00a8010000"));

		assertThat(answer.status()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "br", "deflate", "gzip, gzip", "gzip, zstd", "identity, gzip", "gzip;q=1", "" })
	void refusesUnknownAndStackedCodings(String coding) throws IOException {
		RawHttp.Answer answer = send(coding, encode("gzip", greet("Ada")));

		assertThat(answer.status()).isEqualTo(415);
		assertThat(answer.header("Accept-Encoding")).isEqualTo("zstd, gzip");
		assertThat(answer.header("Rpc-Status")).isEqualTo("INVALID_REQUEST");
	}

	@Test
	void refusesTwoHeadersOfOneCodingEach() throws IOException {
		byte[] body = encode("gzip", greet("Ada"));
		try (RawHttp http = new RawHttp(server.port())) {
			http.write("POST /rpc/Orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length
					+ "\r\nExpect: 100-continue\r\n\r\n");

			assertThat(http.read("POST").status()).isEqualTo(415);
		}
	}

	@Test
	void compressesALargeAnswerForWhoAsks() throws IOException {
		RawHttp.Answer answer = server.call("Orders", large(20_000), "Accept-Encoding", "gzip, deflate, br");

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
		assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
		assertThat(answer.body()).hasSizeLessThan(1000);
		assertThat(gunzip(answer.body())).contains("x".repeat(20_000));
	}

	@Test
	void compressesByTheCodingThatTheCallerLikesBest() {
		RawHttp.Answer answer = server.call("Orders", large(20_000), "Accept-Encoding", "gzip;q=0.5, zstd");

		assertThat(answer.header("Content-Encoding")).isEqualTo("zstd");
		assertThat(new String(Zstd.decompress(answer.body(), 100_000), StandardCharsets.UTF_8))
			.contains("x".repeat(20_000));
	}

	@Test
	void compressesNothingForWhoDoesNotAsk() {
		RawHttp.Answer silent = server.call("Orders", large(20_000));
		RawHttp.Answer plain = server.call("Orders", large(20_000), "Accept-Encoding", "identity");
		RawHttp.Answer other = server.call("Orders", large(20_000), "Accept-Encoding", "br, gzip;q=0");

		assertThat(silent.header("Accept-Encoding")).isNull();
		for (RawHttp.Answer answer : new RawHttp.Answer[] { silent, plain, other }) {
			assertThat(answer.header("Content-Encoding")).isNull();
			assertThat(answer.text()).contains("x".repeat(20_000));
		}
		assertThat(plain.header("Accept-Encoding")).isEqualTo("zstd, gzip");
	}

	@Test
	void compressesNoSmallAnswerUnlessItMust() throws IOException {
		RawHttp.Answer small = server.call("Orders", large(7_000), "Accept-Encoding", "gzip");
		RawHttp.Answer required = server.call("Orders", large(7_000), "Accept-Encoding", "gzip, identity;q=0");

		assertThat(small.header("Content-Encoding")).isNull();
		assertThat(small.header("Accept-Encoding")).isEqualTo("zstd, gzip");
		assertThat(required.header("Content-Encoding")).isEqualTo("gzip");
		assertThat(gunzip(required.body())).contains("x".repeat(7_000));
	}

	@Test
	void leavesAnAnswerToANotificationEmpty() {
		RawHttp.Answer answer = server.call("Orders", "{\"jsonrpc\":\"2.0\",\"method\":\"record\",\"params\":[\"e\"]}",
				"Accept-Encoding", "gzip, identity;q=0");

		assertThat(answer.status()).isEqualTo(204);
		assertThat(answer.header("Content-Encoding")).isNull();
		assertThat(answer.body()).isEmpty();
	}

	@Test
	void compressesBatchesAndErrorsToo() throws IOException {
		String batch = "[" + large(5_000) + "," + large(5_000) + "]";

		RawHttp.Answer answer = server.call("Orders", batch, "Accept-Encoding", "gzip");

		assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
		assertThat(gunzip(answer.body())).startsWith("[").endsWith("]");
	}

	static String large(int size) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"large\",\"params\":[" + size + "],\"id\":1}";
	}

	static byte[] greet(String name) {
		return ("{\"jsonrpc\":\"2.0\",\"method\":\"greet\",\"params\":[\"" + name + "\"],\"id\":1}")
			.getBytes(StandardCharsets.UTF_8);
	}

	private static RawHttp.Answer send(String coding, byte[] body) {
		return server.send(request(coding, body));
	}

	static RawHttp.Request request(String coding, byte[] body) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", "application/json");
		headers.put("Content-Encoding", coding);
		return new RawHttp.Request("POST", "/rpc/Orders", headers, body);
	}

	static byte[] encode(String coding, byte[] plain) throws IOException {
		if (coding.equals("zstd")) {
			return Zstd.compress(plain);
		}
		ByteArrayOutputStream coded = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
			out.write(plain);
		}
		return coded.toByteArray();
	}

	static String gunzip(byte[] coded) throws IOException {
		return new String(new GZIPInputStream(new ByteArrayInputStream(coded)).readAllBytes(), StandardCharsets.UTF_8);
	}

}
