package dev.rpcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint as HTTP: refusals, connections, bodies that misbehave.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(30)
class HttpTests {

	private static final String CALL = "{\"jsonrpc\":\"2.0\",\"method\":\"get_data\",\"id\":1}";

	private static RunningServer server;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, SpecApplication.class, "rpc.server.max-request-size=200KB",
				"server.tomcat.keep-alive-timeout=17s", "server.netty.idle-timeout=17s",
				"rpc.server.allowed-origins=https://shop.example", "rpc.server.allowed-hosts=127.0.0.1,shop.example");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/rpc", "/rpc/", "/rpc/spec/", "/rpc/%73pec", "/rpc/spec;a=b", "/rpc//spec",
			"/rpc/x/../spec", "/rpc/Spec", "/rpc/spec%00", "/rpc/spec/subtract" })
	void servesNothingUnderAPathThatIsNotExactlyAServices(String path) {
		RawHttp.Answer answer = server.send(RawHttp.Request.call(path, CALL));

		assertThat(answer.status()).isIn(400, 404);
		assertThat(answer.text()).doesNotContain("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "PUT", "OPTIONS" })
	void executesNothingButPost(String method) {
		RawHttp.Answer answer = server
			.send(new RawHttp.Request(method, "/rpc/spec", Map.of("Content-Type", "application/json",
					"Access-Control-Request-Method", "POST", "Origin", "https://shop.example"), new byte[0]));

		assertThat(answer.status()).isEqualTo(405);
		assertThat(answer.header("Allow")).isEqualTo("POST");
		assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "Origin,https://evil.example,403", "Origin,null,403", "Origin,https://shop.example,200",
			"Sec-Fetch-Site,cross-site,403", "Sec-Fetch-Site,same-origin,200", "Host,evil.example,403",
			"Host,shop.example:8080,200", "Content-Type,text/json,415", "Content-Type,;,415",
			"Content-Type,application/json-rpc,200", "Content-Encoding,br,415", "Content-Encoding,identity,200",
			"Rpc-Timeout-Ms,12345678901,400", "Rpc-Timeout-Ms,+5,400" })
	void judgesTheHeadOfARequest(String header, String value, int status) {
		RawHttp.Answer answer = server.call("spec", CALL, header, value);

		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.header("Content-Type")).isEqualTo("application/json");
		assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
		assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(answer.header("Rpc-Status"))
			.isEqualTo((status == 200) ? "OK" : (status == 403) ? "PERMISSION_DENIED" : "INVALID_REQUEST");
	}

	@Test
	void saysForHowLongAConnectionIsKept() {
		RawHttp.Answer answer = server.call("spec", CALL, "Connection", "keep-alive");

		assertThat(answer.header("Keep-Alive")).isEqualTo("timeout=17");
	}

	@Test
	void keepsTheConnectionAfterRefusingASmallBody() {
		try (RawHttp http = new RawHttp(server.port())) {
			RawHttp.Answer refusal = http
				.send(RawHttp.Request.call("/rpc/spec", "x".repeat(60_000), "Content-Type", "text/plain"));
			RawHttp.Answer next = http.send(RawHttp.Request.call("/rpc/spec", CALL));

			assertThat(refusal.status()).isEqualTo(415);
			assertThat(refusal.header("Connection")).isNotEqualTo("close");
			assertThat(next.status()).isEqualTo(200);
		}
	}

	@Test
	void closesTheConnectionAfterRefusingALargeBody() throws IOException {
		try (RawHttp http = new RawHttp(server.port())) {
			RawHttp.Answer refusal = http
				.send(RawHttp.Request.call("/rpc/spec", "x".repeat(150_000), "Content-Type", "text/plain"));

			assertThat(refusal.status()).isEqualTo(415);
			assertThat(refusal.header("Connection")).isEqualTo("close");
			assertThat(http.isClosedByServer(10_000)).isTrue();
		}
	}

	@Test
	void countsAChunkedBodyWhileReadingIt() throws IOException {
		try (RawHttp http = new RawHttp(server.port())) {
			RawHttp.Answer refusal = http
				.send(RawHttp.Request.call("/rpc/spec", "x".repeat(300_000), "Transfer-Encoding", "chunked"));

			assertThat(refusal.status()).isEqualTo(413);
			assertThat(refusal.header("Rpc-Status")).isEqualTo("PAYLOAD_TOO_LARGE");
			assertThat(refusal.header("Connection")).isEqualTo("close");
		}
	}

	@Test
	void refusesAnAnnouncedBodyAboveTheLimitBeforeItComes() throws IOException {
		try (RawHttp http = new RawHttp(server.port())) {
			http.write("POST /rpc/spec HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Content-Length: 300000\r\n\r\n");

			assertThat(http.read("POST").status()).isEqualTo(413);
		}
	}

	@Test
	void refusesAnAllowedHostBesideAForeignOne() throws IOException {
		try (RawHttp http = new RawHttp(server.port())) {
			http.write("POST /rpc/spec HTTP/1.1\r\nHost: shop.example\r\nHost: evil.example\r\n"
					+ "Content-Type: application/json\r\nContent-Length: " + CALL.length() + "\r\n\r\n" + CALL);

			// some containers refuse it before we see it
			assertThat(http.read("POST").status()).isIn(400, 403);
		}
	}

	@Test
	void doesNotAskForABodyThatItRefuses() throws IOException {
		try (RawHttp http = new RawHttp(server.port())) {
			http.write("POST /rpc/nosuch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Content-Length: 30\r\nExpect: 100-continue\r\n\r\n");

			RawHttp.Answer refusal = http.read("POST");

			assertThat(refusal.status()).isEqualTo(404);
			assertThat(refusal.header("Connection")).isEqualTo("close");
		}
	}

	@Test
	void readsAChunkedBody() {
		assertThat(server.call("spec", CALL, "Transfer-Encoding", "chunked").text()).contains("hello");
	}

	@Test
	void givesUpARefusedBodyThatDrips() throws IOException {
		try (RawHttp http = new RawHttp(server.port())) {
			http.write("POST /rpc/nosuch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Content-Length: 60000\r\n\r\n");
			long start = System.nanoTime();
			// far shorter than the body takes at this pace
			ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
			drip.scheduleAtFixedRate(() -> {
				try {
					http.write(" ");
				}
				catch (IOException ex) {
					drip.shutdown();
				}
			}, 0, 50, TimeUnit.MILLISECONDS);
			try {
				RawHttp.Answer refusal = http.read("POST");

				assertThat(refusal.status()).isEqualTo(404);
				assertThat(refusal.header("Connection")).isEqualTo("close");
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
			}
			finally {
				drip.shutdownNow();
			}
		}
	}

	@Test
	void closesTheConnectionOfALargeRefusedBodyThatDrips() throws Exception {
		try (RawHttp http = new RawHttp(server.port())) {
			http.write("POST /rpc/nosuch HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Content-Length: 190000\r\n\r\n");
			RawHttp.Answer refusal = http.read("POST");
			ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
			CompletableFuture<Void> closed = new CompletableFuture<>();
			drip.scheduleAtFixedRate(() -> {
				try {
					http.write(" ");
				}
				catch (IOException ex) {
					closed.complete(null);
				}
			}, 0, 50, TimeUnit.MILLISECONDS);

			assertThat(refusal.status()).isEqualTo(404);
			assertThat(refusal.header("Connection")).isEqualTo("close");
			assertThat(closed).succeedsWithin(Duration.ofSeconds(15));
			drip.shutdownNow();
		}
	}

	@Test
	void refusesACrossSiteRequestOfAListedOrigin() {
		RawHttp.Answer answer = server.call("spec", CALL, "Origin", "https://shop.example", "Sec-Fetch-Site",
				"cross-site");

		assertThat(answer.status()).isEqualTo(403);
	}

	@Test
	void givesUpABodyThatDrips() throws IOException {
		try (RawHttp http = new RawHttp(server.port())) {
			http.write("POST /rpc/spec HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Rpc-Timeout-Ms: 100\r\nContent-Length: 1000\r\n\r\n");
			long start = System.nanoTime();
			while (System.nanoTime() - start < 200_000_000L) {
				Thread.onSpinWait();
			}
			http.write(" ");

			RawHttp.Answer answer = http.read("POST");

			assertThat(answer.status()).isEqualTo(504);
			assertThat(answer.text()).contains("\"executed\":\"no\"");
			assertThat(answer.header("Connection")).isEqualTo("close");
		}
	}

}
