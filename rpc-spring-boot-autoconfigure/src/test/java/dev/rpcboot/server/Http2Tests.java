package dev.rpcboot.server;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.server.CancelTests.Kiln;
import dev.rpcboot.server.CancelTests.OpenKiln;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint over HTTP/2, on which a server sees each caller leave.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(60)
class Http2Tests {

	private static final AtomicInteger JOB = new AtomicInteger();

	private static RunningServer server;

	private static HttpClient client;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) throws Exception {
		server = RunningServer.open(stack, OpenKiln.class, "server.http2.enabled=true", "server.shutdown=immediate");
		client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
		// Netty upgrades no connection by a request that has a body
		client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/rpc/Kiln")).build(),
				BodyHandlers.discarding());
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@AfterEach
	void forgetConnections() {
		assertThat(server.bean(RpcDispatcher.class).cancellable()).isZero();
	}

	@Test
	void answersACall() throws Exception {
		HttpResponse<String> answer = client.send(request("quick", "a"), BodyHandlers.ofString());

		assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mono", "future" })
	void endsACallWhoseCallerLeaves(String method) throws Exception {
		Kiln kiln = server.bean(Kiln.class);
		String job = "job-" + JOB.incrementAndGet();
		CompletableFuture<HttpResponse<String>> call = client.sendAsync(request(method, job), BodyHandlers.ofString());
		await().atMost(Duration.ofSeconds(10)).until(() -> kiln.started.contains(job));

		call.cancel(true);

		await().atMost(Duration.ofSeconds(10)).until(() -> kiln.ended.contains(job));
		HttpResponse<String> next = client.send(request("quick", "b"), BodyHandlers.ofString());
		assertThat(next.statusCode()).isEqualTo(200);
	}

	private static HttpRequest request(String method, String argument) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/rpc/Kiln"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(
					"{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[\"" + argument + "\"],\"id\":1}"))
			.build();
	}

}
