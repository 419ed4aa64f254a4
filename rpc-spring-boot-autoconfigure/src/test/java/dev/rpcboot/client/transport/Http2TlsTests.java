package dev.rpcboot.client.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * HTTP/2 over TLS, where both sides agree on it in the handshake.
 */
@Timeout(60)
class Http2TlsTests {

	@TempDir
	static Path directory;

	private static KeyStore server;

	private static KeyStore client;

	private HttpTransport transport;

	@BeforeAll
	static void makeKeys() throws Exception {
		server = Keys.make(directory, "server", "ip:127.0.0.1");
		client = Keys.make(directory, "client", "dns:client.test");
	}

	@AfterEach
	void close() {
		this.transport.close();
	}

	@Test
	void agreesOnHttp2AndUsesOneConnection() throws Exception {
		this.transport = transport(Keys.context(null, server));
		String large = "x".repeat(40_000);
		try (RawHttp2Server server = RawHttp2Server.playing(socket(false, "http/1.1", "h2"), new byte[0],
				(connection, request) -> {
					assertThat(request.header(":scheme")).isEqualTo("https");
					connection.head(request.stream(), false);
					for (int i = 0; i < 4; i++) {
						connection.data(request.stream(), request.body().substring(i * 10_000, (i + 1) * 10_000),
								false);
					}
					connection.data(request.stream(), "", true);
				})) {

			Answer first = get(call(server.uri("https", "127.0.0.1"), large));
			server.connection(0).grant(0, 100_000);
			Answer second = get(call(server.uri("https", "127.0.0.1"), large));

			assertThat(first.body()).asString().isEqualTo(large);
			assertThat(second.body()).asString().isEqualTo(large);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void aServerThatKnowsNothingOfAgreeingIsNamedAsSuch() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = RawServer.playing(socket(false),
				(connection, request) -> connection.write(RawServer.ok("{}")))) {

			assertFails(server.uri("https", "127.0.0.1"), "set server.http2.enabled=true there");
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void aServerThatAgreesOnlyToHttp1IsNamedAsSuch() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = RawServer.playing(socket(false, "http/1.1"),
				(connection, request) -> connection.write(RawServer.ok("{}")))) {

			assertFails(server.uri("https", "127.0.0.1"), "set server.http2.enabled=true there");
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void refusesAServerThatItDoesNotTrust() throws Exception {
		this.transport = transport(Keys.context(null, client));
		try (RawHttp2Server server = http2Server(false)) {

			assertFails(server.uri("https", "127.0.0.1"), "the TLS handshake failed");
			assertThat(server.connections()).isZero();
		}
	}

	@Test
	void refusesAServerOfAnotherName() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawHttp2Server server = http2Server(false)) {

			assertFails(server.uri("https", "wrong.test"), "the TLS handshake failed");
			assertThat(server.connections()).isZero();
		}
	}

	@Test
	void showsItsOwnKeyToAServerThatAsksForIt() throws Exception {
		this.transport = transport(Keys.context(client, server));
		try (RawHttp2Server server = http2Server(true)) {

			assertThat(get(call(server.uri("https", "127.0.0.1"), "{}")).status()).isEqualTo(200);
		}
	}

	@Test
	void isRefusedWithoutAKeyByAServerThatAsksForIt() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawHttp2Server server = http2Server(true)) {

			assertFails(server.uri("https", "127.0.0.1"), "certificate");
			assertThat(server.hasNoRequest()).isTrue();
		}
	}

	@Test
	void theDeadlineEndsAHandshakeThatIsNeverAnswered() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = RawServer.playing((connection, request) -> {
		})) {
			CallContext context = Caller.ASYNC.context(Duration.ofSeconds(20));
			CompletableFuture<Answer> answer = this.transport
				.exchange(message(server.uri("https", "127.0.0.1"), "{}", Duration.ofSeconds(20)), context);
			server.awaitConnection();

			context.expire();

			assertThat(failureOf(answer)).isInstanceOfSatisfying(RpcDeadlineExceededException.class,
					(ex) -> assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED));
			server.awaitClosedByClient();
		}
	}

	@Test
	void aHandshakeThatIsNeverAnsweredIsNotWaitedForLongerThanToConnect() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = RawServer.playing((connection, request) -> {
		})) {

			Throwable failure = failureOf(
					this.transport.exchange(message(server.uri("https", "127.0.0.1"), "{}", Duration.ofMillis(300)),
							Caller.ASYNC.context(Duration.ofSeconds(20))));

			assertThat(failure).isInstanceOf(RpcUnavailableException.class)
				.hasMessageContaining("300ms (connect-timeout)");
			server.awaitClosedByClient();
		}
	}

	@Test
	void closesAConnectionThatIsIdleForTooLong() throws Exception {
		this.transport = transport(Keys.context(null, server));
		Settings settings = new Settings(Duration.ofMillis(500), 64, Duration.ofMillis(200), DataSize.ofMegabytes(1),
				"bundle", true);
		try (RawHttp2Server server = http2Server(false)) {
			Message message = new Message(server.uri("https", "127.0.0.1"), RpcHeaders.EMPTY, "{}".getBytes(), settings,
					"Stock/find");

			get(this.transport.exchange(message, Caller.ASYNC.context(Duration.ofSeconds(20))));

			server.awaitFrame(Http2Frame.GOAWAY);
			server.awaitClosedByClient();
			assertThat(get(this.transport.exchange(message, Caller.ASYNC.context(Duration.ofSeconds(20)))).status())
				.isEqualTo(200);
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	private void assertFails(URI uri, String message) {
		CallContext context = Caller.ASYNC.context(Duration.ofSeconds(20));

		Throwable failure = failureOf(this.transport.exchange(message(uri, "{}", Duration.ofSeconds(5)), context));

		assertThat(failure).isInstanceOf(RpcUnavailableException.class).hasMessageContaining(message);
		assertThat(((RpcException) failure).execution()).isEqualTo(Execution.NOT_EXECUTED);
		assertThat(context.isSent()).isFalse();
		assertThat(TransportPools.leased(this.transport)).isZero();
	}

	private CompletableFuture<Answer> call(URI uri, String body) {
		return this.transport.exchange(message(uri, body, Duration.ofSeconds(5)),
				Caller.ASYNC.context(Duration.ofSeconds(20)));
	}

	private static Answer get(CompletableFuture<Answer> answer) throws Exception {
		return answer.get(15, TimeUnit.SECONDS);
	}

	private static Throwable failureOf(CompletableFuture<Answer> answer) {
		Throwable failure = catchThrowable(() -> get(answer));
		return (failure instanceof ExecutionException) ? failure.getCause() : failure;
	}

	private static Message message(URI uri, String body, Duration connectTimeout) {
		return new Message(uri, RpcHeaders.EMPTY, body.getBytes(StandardCharsets.UTF_8),
				new Settings(connectTimeout, 64, Duration.ofSeconds(10), DataSize.ofMegabytes(1), "bundle", true),
				"Stock/find");
	}

	private static HttpTransport transport(SSLContext context) {
		TlsMaterial material = new TlsMaterial(context, null, null);
		return Caller.ASYNC.transport((bundle) -> material,
				(host) -> new InetAddress[] { InetAddress.getLoopbackAddress() });
	}

	private static RawHttp2Server http2Server(boolean clientKeyNeeded) throws Exception {
		return RawHttp2Server.playing(socket(clientKeyNeeded, "h2"), new byte[0],
				(connection, request) -> connection.answer(request.stream(), "{}"));
	}

	private static ServerSocket socket(boolean clientKeyNeeded, String... protocols) throws Exception {
		return listen(Keys.context(server, client), clientKeyNeeded, protocols);
	}

	private static ServerSocket listen(SSLContext context, boolean clientKeyNeeded, String... protocols)
			throws IOException {
		SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setApplicationProtocols(protocols);
		parameters.setNeedClientAuth(clientKeyNeeded);
		socket.setSSLParameters(parameters);
		return socket;
	}

}
