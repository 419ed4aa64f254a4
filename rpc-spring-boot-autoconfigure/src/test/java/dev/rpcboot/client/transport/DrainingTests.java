package dev.rpcboot.client.transport;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of the connections to an instance that is about to stop.
 */
@ParameterizedClass
@EnumSource(Caller.class)
@Timeout(30)
class DrainingTests {

	private static final String DRAINING = "HTTP/1.1 503 Service Unavailable\r\nRpc-Status: DRAINING\r\n"
			+ "Connection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

	private final Caller caller;

	private final HttpTransport transport;

	DrainingTests(Caller caller) {
		this.caller = caller;
		this.transport = caller.transport();
	}

	@AfterEach
	void close() {
		this.transport.close();
	}

	@Test
	void closesIdleConnectionsToAnInstanceThatDrainsAndToNoOther() throws Exception {
		CountDownLatch together = new CountDownLatch(3);
		try (RawServer other = RawServer.answering(RawServer.ok("{}"));
				RawServer server = RawServer.playing((connection, request) -> {
					if (request.contains("draining")) {
						connection.write(DRAINING);
						return;
					}
					together.countDown();
					together.await(10, TimeUnit.SECONDS);
					connection.write(RawServer.ok("{}"));
				})) {
			get(call(other.uri(), "well"));
			List<CompletableFuture<Answer>> calls = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				calls.add(call(server.uri(), "well"));
			}
			for (CompletableFuture<Answer> call : calls) {
				get(call);
			}
			await().atMost(Duration.ofSeconds(10)).until(() -> TransportPools.open(this.transport) == 4);

			Answer answer = get(call(server.uri(), "draining"));

			assertThat(answer.status()).isEqualTo(503);
			await().atMost(Duration.ofSeconds(5)).until(() -> TransportPools.open(this.transport) == 1);
		}
	}

	@Test
	void keepsConnectionsThatWereMadeAfterTheInstanceDrained() throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> connection
			.write(request.contains("draining") ? DRAINING : RawServer.ok("{}")))) {
			get(call(server.uri(), "draining"));

			for (int i = 0; i < 5; i++) {
				get(call(server.uri(), "well"));
			}

			assertThat(server.connections()).isLessThan(5);
		}
	}

	private CompletableFuture<Answer> call(URI uri, String what) {
		// looked at so rarely otherwise that it would not be in time
		Settings settings = new Settings(Duration.ofSeconds(1), 64, Duration.ofSeconds(60), DataSize.ofMegabytes(16),
				null);
		Message message = new Message(uri, RpcHeaders.EMPTY.with("Rpc-Method", what),
				"{}".getBytes(StandardCharsets.UTF_8), settings, "Stock/find on warehouse");
		return this.caller.call(this.transport, message, this.caller.context(Duration.ofSeconds(20)));
	}

	private static Answer get(CompletableFuture<Answer> call) throws Exception {
		return call.get(20, TimeUnit.SECONDS);
	}

}
