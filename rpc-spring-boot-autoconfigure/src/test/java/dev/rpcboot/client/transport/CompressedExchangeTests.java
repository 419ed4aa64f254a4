package dev.rpcboot.client.transport;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.github.luben.zstd.Zstd;
import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.client.CallExecutor;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.client.TestRequests;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import dev.rpcboot.client.transport.RawServer.Script;
import dev.rpcboot.compression.ContentCodings;
import dev.rpcboot.client.transport.HttpTransport.ForBlocking;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Compressed messages, with servers that cannot be relied on, for both kinds of caller.
 */
@Timeout(30)
class CompressedExchangeTests {

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

	private static final String LARGE = "x".repeat(5000);

	private final HttpTransport transport = new HttpTransport((bundle) -> {
		throw new AssertionError("No bundles here");
	}, ForBlocking.HTTP_COMPONENTS);

	private final CallExecutor executor = new CallExecutor();

	private final CallTimer timer = new CallTimer();

	@AfterEach
	void close() throws Exception {
		this.transport.close();
		this.executor.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "x-gzip", "zstd" })
	void readsAnAnswerInEveryCodingThatItAskedFor(String coding) throws Exception {
		try (RawServer server = RawServer.playing(
				(connection, request) -> connection.write(encoded(coding, encode(coding, result(request, LARGE)))))) {
			Stock stock = stock(server, true, false);

			assertThat(stock.find("a")).isEqualTo(LARGE);
			assertThat(stock.later("a")).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(LARGE);
			assertThat(server.requests())
				.allSatisfy((request) -> assertThat(request).containsIgnoringCase("Accept-Encoding: zstd, gzip\r\n"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "zstd" })
	void stopsABombAtTheLimitOfAnAnswer(String coding) throws Exception {
		byte[] bomb = encode(coding, new byte[64 * 1024 * 1024]);
		try (RawServer server = RawServer.playing((connection, request) -> connection.write(encoded(coding, bomb)))) {

			Throwable failure = catchThrowable(() -> stock(server, true, false).find("a"));

			assertThat(failure).isInstanceOf(RpcProtocolException.class)
				.hasMessageContaining("Stock/find on warehouse at 127.0.0.1")
				.hasMessageContaining("max-answer-size");
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.EXECUTED);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "zstd" })
	void doesNotKnowWhatBecameOfACallWhoseAnswerCannotBeDecoded(String coding) throws Exception {
		byte[] whole = encode(coding, new byte[5000]);
		for (byte[] body : new byte[][] { Arrays.copyOf(whole, whole.length - 1), new byte[0],
				Arrays.copyOf(whole, whole.length + 1), "{\"plain\":1}".getBytes(StandardCharsets.UTF_8),
				HexFormat.of().parseHex("28b52ffd00a8010000"),
				HexFormat.of().parseHex("28b52ffde00000000000010000010000") }) {
			try (RawServer server = RawServer
				.playing((connection, request) -> connection.write(encoded(coding, body)))) {
				Stock stock = stock(server, true, false);

				assertUnknown(catchThrowable(() -> stock.find("a")), "cannot be decoded");
				assertUnknown(catchThrowable(() -> stock.later("a").join()), "cannot be decoded");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "br", "gzip, gzip", "gzip\r\nContent-Encoding: gzip", "gzip, identity", "gzip;q=1" })
	void refusesAnswersInOtherAndInStackedCodings(String coding) throws Exception {
		try (RawServer server = RawServer.playing(
				(connection, request) -> connection.write(encoded(coding, encode("gzip", result(request, LARGE)))))) {

			assertUnknown(catchThrowable(() -> stock(server, true, false).find("a")), "zstd, gzip were asked for");
		}
	}

	@ParameterizedTest
	@CsvSource({ "false,false", "false,true" })
	void refusesACompressedAnswerThatNobodyAskedFor(boolean answers, boolean requests) throws Exception {
		try (RawServer server = RawServer.playing(
				(connection, request) -> connection.write(encoded("gzip", encode("gzip", result(request, LARGE)))))) {

			assertUnknown(catchThrowable(() -> stock(server, answers, requests).find("a")), "compression.answers");
		}
	}

	@Test
	void letsTheStatusSpeakWhereABodyCannotBeDecoded() throws Exception {
		try (RawServer server = RawServer
			.answering("HTTP/1.1 502 Bad Gateway\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nxx")) {

			assertThat(catchThrowable(() -> stock(server, true, false).find("a")))
				.isInstanceOf(RpcConnectionException.class);
		}
	}

	@ParameterizedTest
	@CsvSource({ "'gzip, zstd',zstd", "gzip,gzip", "'zstd;q=0.5, gzip',gzip" })
	void compressesRequestsInACodingThatTheServerReads(String accepted, String coding) throws Exception {
		try (RawServer server = RawServer
			.playing((connection, request) -> connection.write(ok(request, "Accept-Encoding: " + accepted)))) {
			Stock stock = stock(server, false, true);

			stock.find(LARGE);
			stock.find(LARGE);
			stock.find("small");

			assertThat(server.requests().get(0)).contains(LARGE).containsIgnoringCase("Accept-Encoding: identity\r\n");
			assertThat(server.requests().get(1)).contains("Content-Encoding: " + coding + "\r\n").doesNotContain(LARGE);
			assertThat(decode(server.requests().get(1), coding)).contains(LARGE);
			assertThat(server.requests().get(2)).contains("small").doesNotContain("Content-Encoding");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "identity", "br", "gzip;q=0, zstd;q=0" })
	void compressesNoRequestForAServerThatReadsNone(String accepted) throws Exception {
		try (RawServer server = RawServer
			.playing((connection, request) -> connection.write(ok(request, "Accept-Encoding: " + accepted)))) {
			Stock stock = stock(server, false, true);

			stock.find(LARGE);
			stock.find(LARGE);

			assertThat(server.requests()).hasSize(2).allMatch((request) -> request.contains(LARGE));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void sendsAgainWithoutCompressionWhatWasRefusedForIt(boolean blocking) throws Exception {
		Script fickle = (connection, request) -> connection.write(request.contains("Content-Encoding")
				? "HTTP/1.1 415 Unsupported Media Type\r\nAccept-Encoding: identity\r\nContent-Length: 0\r\n\r\n"
				: ok(request, "Accept-Encoding: gzip"));
		try (RawServer server = RawServer.playing(fickle)) {
			Stock stock = stock(server, true, true);

			for (int i = 0; i < 3; i++) {
				String result = blocking ? stock.find(LARGE) : stock.later(LARGE).join();
				assertThat(result).isEqualTo("found");
			}

			// the third has forgotten, and the repetition has taught nothing
			assertThat(server.requests()).extracting((request) -> request.contains("Content-Encoding"))
				.containsExactly(false, true, false, false);
		}
	}

	@Test
	void sendsNothingAgainThatWasNotCompressed() throws Exception {
		try (RawServer server = RawServer
			.answering("HTTP/1.1 415 Unsupported Media Type\r\nAccept-Encoding: gzip\r\nContent-Length: 0\r\n\r\n")) {
			Stock stock = stock(server, true, true);

			assertThat(catchThrowable(() -> stock.find(LARGE))).isInstanceOf(RpcException.class);
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void readsACompressedError() throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> connection.write(encoded("gzip",
				encode("gzip", json(request, "\"error\":{\"code\":-32603,\"message\":\"Internal error\"}")))))) {

			assertThat(
					catchThrowableOfType(RpcRemoteException.class, () -> stock(server, true, false).find("a")).code())
				.isEqualTo(-32603);
		}
	}

	private static void assertUnknown(Throwable thrown, String message) {
		Throwable failure = Failures.unwrap(thrown);
		assertThat(failure).isInstanceOf(RpcProtocolException.class)
			.hasMessageContaining(" on warehouse at 127.0.0.1")
			.hasMessageContaining(message);
		assertThat(((RpcException) failure).execution()).isEqualTo(Execution.UNKNOWN);
	}

	private Stock stock(RawServer server, boolean answers, boolean requests) {
		URI address = URI.create("http://127.0.0.1:" + server.uri().getPort());
		RpcTransport.Settings transport = new RpcTransport.Settings(Duration.ofSeconds(5), 4, Duration.ofSeconds(10),
				DataSize.ofKilobytes(100), null);
		CallSettings settings = new CallSettings(Duration.ofSeconds(20), 1, null, null, address, "/rpc", transport,
				Duration.ofSeconds(30), new CallSettings.Compression(answers, requests, DataSize.ofKilobytes(4)), false,
				Resilience.DEFAULTS);
		return new RpcClient(TestRequests.MAPPER, this.transport, () -> List.of(new TargetInterceptor(null)),
				(target, method) -> settings, (type, target) -> null, this.executor.executor(), this.timer)
			.reference(Stock.class, "warehouse");
	}

	private static byte[] encode(String coding, byte[] plain) throws IOException {
		return coding.equals("zstd") ? Zstd.compress(plain)
				: ContentCodings.available().of(List.of("gzip")).encode(plain);
	}

	private static String decode(String request, String coding) throws Exception {
		byte[] body = request.substring(request.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
		return new String(ContentCodings.available().of(List.of(coding)).decode(body, 1_000_000),
				StandardCharsets.UTF_8);
	}

	private static String encoded(String coding, byte[] body) {
		return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: " + coding
				+ "\r\nContent-Length: " + body.length + "\r\n\r\n" + new String(body, StandardCharsets.ISO_8859_1);
	}

	private static byte[] result(String request, String result) {
		return json(request, "\"result\":\"" + result + "\"");
	}

	private static byte[] json(String request, String member) {
		Matcher id = ID.matcher(request);
		// a request that is compressed itself shows none
		String number = id.find() ? id.group(1) : "2";
		return ("{\"jsonrpc\":\"2.0\",\"id\":" + number + "," + member + "}").getBytes(StandardCharsets.UTF_8);
	}

	private static String ok(String request, String header) {
		String body = new String(result(request, "found"), StandardCharsets.ISO_8859_1);
		return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + header + "\r\nContent-Length: " + body.length()
				+ "\r\n\r\n" + body;
	}

	public interface Stock {

		String find(String sku);

		CompletableFuture<String> later(String sku);

	}

}
