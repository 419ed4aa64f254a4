package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import org.apache.hc.core5.pool.PoolStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * TLS in both directions, with keys that {@code keytool} makes for the run.
 */
@ParameterizedClass
@EnumSource(Caller.class)
@Timeout(60)
class TlsTransportTests {

	@TempDir
	static Path directory;

	private static KeyStore server;

	private static KeyStore client;

	private final Caller caller;

	private HttpTransport transport;

	TlsTransportTests(Caller caller) {
		this.caller = caller;
		this.transport = trusting(null);
	}

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
	void speaksTlsToAServerThatItTrusts() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = tlsServer(false)) {

			Answer first = get(call(server.uri("https", "127.0.0.1")));
			Answer second = get(call(server.uri("https", "127.0.0.1")));

			assertThat(List.of(first.status(), second.status())).containsOnly(200);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void seesThatAConnectionHasBeenClosedMeanwhile() throws Exception {
		assumeThat(this.caller).isEqualTo(Caller.SOCKETS);
		CountDownLatch closed = new CountDownLatch(1);
		this.transport = transport(Keys.context(null, server));
		try (RawServer tlsServer = tlsServer(false, (connection, request) -> {
			connection.write(RawServer.ok("{}"));
			if (closed.getCount() > 0) {
				connection.close();
				closed.countDown();
			}
		})) {
			get(call(tlsServer.uri("https", "127.0.0.1")));
			assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();

			Answer answer = get(call(tlsServer.uri("https", "127.0.0.1")));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(tlsServer.connections()).isEqualTo(2);
		}
	}

	@Test
	void refusesAServerThatItDoesNotTrust() throws Exception {
		this.transport = transport(Keys.context(null, client));
		try (RawServer server = tlsServer(false)) {

			assertHandshakeFails(server, server.uri("https", "127.0.0.1"));
		}
	}

	@Test
	void trustsWhatTheJdkTrustsWithoutABundle() throws Exception {
		try (RawServer server = tlsServer(false)) {

			Throwable failure = failureOf(
					this.caller.call(this.transport, message(server.uri("https", "127.0.0.1"), (String) null),
							this.caller.context(Duration.ofSeconds(20))));

			assertThat(failure).isInstanceOf(RpcUnavailableException.class).hasMessageContaining("TLS handshake");
		}
	}

	@Test
	void refusesAServerOfAnotherName() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = tlsServer(false)) {

			assertHandshakeFails(server, server.uri("https", "wrong.test"));
		}
	}

	@Test
	void readsOnAStreamThatWasNotReadForAWhile() throws Exception {
		assumeThat(this.caller).isEqualTo(Caller.ASYNC);
		this.transport = transport(Keys.context(null, server));
		int chunks = 2048;
		String chunk = "2000\r\n" + "x".repeat(8192) + "\r\n";
		AtomicLong written = new AtomicLong();
		try (RawServer server = tlsServer(false, (connection, request) -> {
			connection
				.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
			for (int i = 0; i < chunks; i++) {
				connection.write(chunk);
				written.incrementAndGet();
			}
			connection.write("0\r\n\r\n");
		})) {
			ItemSource<byte[]> events = get(call(server.uri("https", "127.0.0.1"))).events();
			AtomicLong seen = new AtomicLong();
			await().during(Duration.ofMillis(300))
				.atMost(Duration.ofSeconds(20))
				.until(() -> written.get() > 1 && seen.getAndSet(written.get()) == written.get());
			assertThat(written.get()).isLessThan(chunks);

			CompletableFuture<Long> read = new CompletableFuture<>();
			count(events, read);

			assertThat(read).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(chunks * 8192L);
		}
	}

	private static void count(ItemSource<byte[]> source, CompletableFuture<Long> read) {
		AtomicReference<ItemLoop<byte[]>> loop = new AtomicReference<>();
		loop.set(new ItemLoop<>(source, new ItemSource.Receiver<>() {

			private long bytes;

			@Override
			public void item(byte[] piece) {
				this.bytes += piece.length;
				loop.get().next();
			}

			@Override
			public void end() {
				read.complete(this.bytes);
			}

			@Override
			public void failed(Throwable failure) {
				read.completeExceptionally(failure);
			}

		}));
		loop.get().next();
	}

	@Test
	void showsItsOwnKeyToAServerThatAsksForIt() throws Exception {
		this.transport = transport(Keys.context(client, server));
		try (RawServer server = tlsServer(true)) {

			assertThat(get(call(server.uri("https", "127.0.0.1"))).status()).isEqualTo(200);
		}
	}

	@Test
	void isRefusedWithoutAKeyByAServerThatAsksForIt() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = tlsServer(true)) {

			Throwable failure = failureOf(call(server.uri("https", "127.0.0.1")));

			// with TLS 1.3 the client learns of it when its handshake is already over
			assertThat(failure).isInstanceOf(RpcException.class);
			assertThat(server.requests()).isEmpty();
		}
	}

	@Test
	void theDeadlineEndsAHandshakeThatIsNeverAnswered() throws Exception {
		this.transport = transport(Keys.context(null, server));
		try (RawServer server = RawServer.playing((connection, request) -> {
		})) {
			Settings patient = new Settings(Duration.ofSeconds(20), 64, Duration.ofSeconds(10), DataSize.ofMegabytes(1),
					"bundle");
			Message message = message(server.uri("https", "127.0.0.1"), patient);

			CallContext context = this.caller.context(Duration.ofSeconds(20));
			CompletableFuture<Answer> answer = this.caller.call(this.transport, message, context);
			server.awaitConnection();

			context.expire();

			Throwable failure = failureOf(answer);
			assertThat(failure).isInstanceOf(RpcDeadlineExceededException.class);
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.NOT_EXECUTED);
			server.awaitClosedByClient();
			assertThat(this.transport.stats()).extracting(PoolStats::getLeased).containsOnly(0);
		}
	}

	private void assertHandshakeFails(RawServer server, URI uri) {
		Throwable failure = failureOf(call(uri));

		assertThat(failure).isInstanceOf(RpcUnavailableException.class).hasMessageContaining("TLS handshake");
		assertThat(((RpcException) failure).execution()).isEqualTo(Execution.NOT_EXECUTED);
		assertThat(server.requests()).isEmpty();
	}

	private CompletableFuture<Answer> call(URI uri) {
		return this.caller.call(this.transport, message(uri, "bundle"), this.caller.context(Duration.ofSeconds(20)));
	}

	private static Answer get(CompletableFuture<Answer> answer) throws Exception {
		return answer.get(15, TimeUnit.SECONDS);
	}

	private static Throwable failureOf(CompletableFuture<Answer> answer) {
		Throwable failure = catchThrowable(() -> get(answer));
		return (failure instanceof ExecutionException) ? failure.getCause() : failure;
	}

	private static Message message(URI uri, String bundle) {
		return message(uri,
				new Settings(Duration.ofSeconds(5), 64, Duration.ofSeconds(10), DataSize.ofMegabytes(1), bundle));
	}

	private static Message message(URI uri, Settings settings) {
		return new Message(uri, RpcHeaders.EMPTY, "{}".getBytes(StandardCharsets.UTF_8), settings, "Stock/find");
	}

	private HttpTransport transport(SSLContext context) {
		return trusting(new TlsMaterial(context, null, null));
	}

	private HttpTransport trusting(TlsMaterial material) {
		return this.caller.transport((bundle) -> material,
				(host) -> new InetAddress[] { InetAddress.getLoopbackAddress() });
	}

	private static RawServer tlsServer(boolean clientKeyNeeded) throws Exception {
		return tlsServer(clientKeyNeeded, (connection, request) -> connection.write(RawServer.ok("{}")));
	}

	private static RawServer tlsServer(boolean clientKeyNeeded, RawServer.Script script) throws Exception {
		ServerSocket socket = Keys.context(server, client)
			.getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
		((SSLServerSocket) socket).setNeedClientAuth(clientKeyNeeded);
		return RawServer.playing(socket, script);
	}

}
