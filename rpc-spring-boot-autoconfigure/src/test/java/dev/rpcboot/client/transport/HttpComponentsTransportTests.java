package dev.rpcboot.client.transport;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a transport must do, for both kinds of caller, at raw sockets.
 */
@ParameterizedClass
@EnumSource(Caller.class)
class HttpComponentsTransportTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final Caller caller;

	private final HttpComponentsTransport transport = new HttpComponentsTransport((bundle) -> {
		throw new AssertionError("No bundles here");
	});

	HttpComponentsTransportTests(Caller caller) {
		this.caller = caller;
	}

	@AfterEach
	void close() {
		this.transport.close();
	}

	@Test
	void sendsOneCompleteRequestAndBringsBackTheAnswer() throws Exception {
		try (RawServer server = RawServer.answering(RawServer.ok("{\"result\":1}"))) {

			Answer answer = get(call(message(server.uri(), settings()), LONG));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.body()).asString().isEqualTo("{\"result\":1}");
			assertThat(answer.headers().first("content-type")).isEqualTo("application/json");
			assertThat(server.requests()).hasSize(1);
			assertThat(server.requests().get(0)).startsWith("POST /rpc/Stock HTTP/1.1\r\n")
				.contains("Host: 127.0.0.1:" + server.uri().getPort() + "\r\n")
				.contains("Content-Type: application/json\r\n")
				.contains("Accept: application/json\r\n")
				.contains("Rpc-Method: find\r\n")
				.contains("Content-Length: 7\r\n")
				.doesNotContain("Accept-Encoding")
				.endsWith("\r\n\r\n{\"a\":1}");
		}
	}

	private CompletableFuture<Answer> call(Message message, Duration timeout) {
		return call(message, this.caller.context(timeout));
	}

	private CompletableFuture<Answer> call(Message message, CallContext context) {
		return this.caller.call(this.transport, message, context);
	}

	private static Answer get(CompletableFuture<Answer> answer) throws Exception {
		return answer.get(15, TimeUnit.SECONDS);
	}

	private static Message message(URI uri, Settings settings) {
		return new Message(uri, RpcHeaders.EMPTY.with("Rpc-Method", "find"),
				"{\"a\":1}".getBytes(StandardCharsets.UTF_8), settings, "Stock/find on warehouse");
	}

	private static Settings settings() {
		return new Settings(Duration.ofSeconds(1), 64, Duration.ofSeconds(10), DataSize.ofMegabytes(16), null);
	}

}
