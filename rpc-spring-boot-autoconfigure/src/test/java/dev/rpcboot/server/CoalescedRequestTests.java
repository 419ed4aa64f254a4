package dev.rpcboot.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.rpcboot.RpcContract;
import dev.rpcboot.call.InboundCall;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests that bear calls of several callers, as any client may send them.
 */
@Timeout(60)
class CoalescedRequestTests {

	private static final String ID = "0123456789abcdefghij";

	@ParameterizedTest
	@EnumSource(Stack.class)
	void areAnsweredCallByCallInOrder(Stack stack) {
		try (RunningServer server = open(stack)) {
			RawHttp.Answer answer = send(server, call(1, "echo", "\"a\"", null), call(2, "none", null, null),
					call(3, "later", "\"c\"", null));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.header("Rpc-Status")).isEqualTo("BATCH");
			assertThat(answer.text()).startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"a\"},")
				.contains("\"id\":2,\"error\":{\"code\":-32601")
				.endsWith(",{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":\"c\"}]");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void haveADeadlineForEachCall(Stack stack) {
		try (RunningServer server = open(stack)) {
			RawHttp.Answer answer = send(server, call(1, "timeLeft", null, "{\"Rpc-Timeout-Ms\":\"30000\"}"),
					call(2, "timeLeft", null, "{\"Rpc-Timeout-Ms\":\"0\"}"),
					call(3, "timeLeft", null, "{\"Rpc-Timeout-Ms\":\"90000\"}"), call(4, "timeLeft", null, null));

			assertThat(answer.text()).containsPattern("\"id\":1,\"result\":(30|29)[0-9]{3}}")
				.containsPattern("\"id\":2,\"error\":.*DEADLINE_EXCEEDED\",\"executed\":\"no\"")
				.containsPattern("\"id\":3,\"result\":(60|59)[0-9]{3}}")
				.containsPattern("\"id\":4,\"result\":(60|59)[0-9]{3}}");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void canBeCancelledCallByCall(Stack stack) {
		try (RunningServer server = open(stack)) {
			Booth booth = server.bean(Booth.class);
			CompletableFuture<RawHttp.Answer> answer = CompletableFuture
				.supplyAsync(() -> send(server, call(1, "open", "\"a\"", "{\"Rpc-Call-Id\":\"" + ID + "\"}"),
						call(2, "open", "\"b\"", "{\"Rpc-Call-Id\":\"" + ID + "b\"}")));
			await().atMost(Duration.ofSeconds(10)).until(() -> booth.open.containsAll(Set.of("a", "b")));

			server.call("Booth", "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.cancel\",\"params\":[\"" + ID + "\"]}");
			await().atMost(Duration.ofSeconds(10)).until(() -> !booth.open.contains("a"));
			assertThat(booth.open).containsExactly("b");
			booth.close.countDown();

			assertThat(answer).succeedsWithin(Duration.ofSeconds(10))
				.satisfies((done) -> assertThat(done.text())
					.containsPattern("\"id\":1,\"error\":.*CANCELLED.*\"id\":2,\"result\":\"b\""));
			await().atMost(Duration.ofSeconds(10)).until(() -> server.bean(RpcDispatcher.class).cancellable() == 0);
			await().atMost(Duration.ofSeconds(10))
				.until(() -> server.bean(RpcDispatcher.class).limiter().running() == 0);
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void refuseTheCallWhoseHeadersAreMalformedAlone(Stack stack) {
		try (RunningServer server = open(stack)) {
			String[] malformed = { "[]", "\"a\"", "{\"Rpc-Timeout-Ms\":50}", "{\"Rpc-Timeout-Ms\":\"soon\"}",
					"{\"Rpc-Call-Id\":\"short\"}", "{\"Authorization\":\"Bearer other\"}",
					"{\"rpc-timeout-ms\":\"50\"}", "{\"tracestate\":\"" + "x".repeat(2000) + "\"}",
					"{\"tracestate\":\"\\n\"}", "{\"traceparent\":null}" };
			for (String headers : malformed) {
				RawHttp.Answer answer = send(server, call(1, "echo", "\"a\"", headers), call(2, "echo", "\"b\"", null));

				assertThat(answer.text()).as(headers)
					.containsPattern("\"id\":1,\"error\":.*INVALID_REQUEST\",\"executed\":\"no\"")
					.endsWith(",{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"b\"}]");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void areRefusedIfTheyAreNotAsManyAsTheySay(Stack stack) {
		try (RunningServer server = open(stack)) {
			String two = "[" + call(1, "echo", "\"a\"", null) + "," + call(2, "echo", "\"b\"", null) + "]";

			for (String count : new String[] { "1", "3", "two", "" }) {
				assertThat(server.call("Booth", two, "Rpc-Coalesced", count).status()).as(count).isEqualTo(400);
			}
			assertThat(server.bean(Booth.class).calls).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void areRefusedIfSomebodyWouldHearNothing(Stack stack) {
		try (RunningServer server = open(stack)) {
			String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[\"b\"]}";

			assertThat(send(server, call(1, "echo", "\"a\"", null), notification).status()).isEqualTo(400);
			assertThat(send(server, call(1, "echo", "\"a\"", null), "7").status()).isEqualTo(400);
			assertThat(server.bean(Booth.class).calls).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void areRefusedIfTheyWouldShareAKeyOrComeAsAStream(Stack stack) {
		try (RunningServer server = open(stack)) {
			String two = "[" + call(1, "echo", "\"a\"", null) + "," + call(2, "echo", "\"b\"", null) + "]";

			assertThat(server.call("Booth", two, "Rpc-Coalesced", "2", "Idempotency-Key", "\"0123456789abcdefghij\"")
				.status()).isEqualTo(400);
			assertThat(server.call("Booth", two, "Rpc-Coalesced", "2", "Accept", "text/event-stream").status())
				.isEqualTo(400);
			assertThat(server.bean(Booth.class).calls).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void haveWaitedForThoseBeforeThem(Stack stack) {
		try (RunningServer server = open(stack)) {
			RawHttp.Answer answer = send(server, call(1, "doze", "300", null),
					call(2, "doze", "0", "{\"Rpc-Timeout-Ms\":\"100\"}"), call(3, "echo", "\"c\"", null));

			assertThat(answer.text()).containsPattern("\"id\":1,\"result\":300}")
				.containsPattern("\"id\":2,\"error\":.*DEADLINE_EXCEEDED")
				.containsPattern("\"id\":3,\"result\":\"c\"}");
			assertThat(server.bean(Booth.class).calls).containsExactlyInAnyOrder("300", "c");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void areRefusedWhereThereShallBeNone(Stack stack) {
		try (RunningServer server = open(stack, "rpc.server.batch.coalescing=false")) {
			RawHttp.Answer answer = send(server, call(1, "echo", "\"a\"", null), call(2, "echo", "\"b\"", null));

			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.text()).contains("\"executed\":\"no\"");
			warm(server, "echo");
			assertThat(invitation(server, "echo")).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void areInvitedOnceAMethodIsSeenToBeQuick(Stack stack) {
		try (RunningServer server = open(stack)) {
			assertThat(invitation(server, "echo")).isNull();
			warm(server, "sleep");

			untilInvited(server, () -> invitation(server, "echo"));
			untilInvited(server, () -> send(server, call(1, "echo", "\"a\"", null), call(2, "echo", "\"b\"", null))
				.header("Rpc-Max-Coalesced"));
			assertThat(invitation(server, "sleep")).isNull();
			assertThat(server.call("Booth", call(1, "echo", "\"a\"", null)).header("Rpc-Max-Coalesced")).isNull();
			RawHttp.Answer mixed = send(server, call(1, "echo", "\"a\"", null), call(2, "sleep", "\"b\"", null));
			assertThat(mixed.header("Rpc-Max-Coalesced")).isNull();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void areOrdinaryBatchesToWhomDoesNotSayOtherwise(Stack stack) {
		try (RunningServer server = open(stack)) {
			RawHttp.Answer answer = server.call("Booth",
					"[" + call(1, "timeLeft", null, "{\"Rpc-Timeout-Ms\":\"0\"}") + "]");

			assertThat(answer.text()).containsPattern("\"id\":1,\"result\":60000}|\"result\":59[0-9]{3}}");
		}
	}

	private static RunningServer open(Stack stack, String... properties) {
		String[] all = new String[properties.length + 4];
		System.arraycopy(properties, 0, all, 4, properties.length);
		all[0] = "server.shutdown=immediate";
		all[1] = "rpc.server.warn-if-unauthenticated=false";
		all[2] = "rpc.server.max-timeout=60s";
		// on a busy machine, before the code is compiled
		all[3] = "rpc.server.batch.coalescing-threshold=500us";
		return RunningServer.open(stack, BoothApplication.class, all);
	}

	private static String call(int id, String method, String argument, String headers) {
		return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":["
				+ ((argument != null) ? argument : "") + "]" + ((headers != null) ? ",\"headers\":" + headers : "")
				+ "}";
	}

	private static RawHttp.Answer send(RunningServer server, String... calls) {
		return server.call("Booth", "[" + String.join(",", calls) + "]", "Rpc-Coalesced",
				Integer.toString(calls.length));
	}

	private static void untilInvited(RunningServer server, Supplier<String> invitation) {
		// the code that runs the method has to get warm as well
		await().atMost(Duration.ofSeconds(60)).until(() -> {
			warm(server, "echo");
			String invited = invitation.get();
			return invited != null && Integer.parseInt(invited) >= 2 && Integer.parseInt(invited) <= 100;
		});
	}

	private static void warm(RunningServer server, String method) {
		try (RawHttp http = new RawHttp(server.port())) {
			for (int i = 0; i < 40; i++) {
				http.send(RawHttp.Request.call("/rpc/Booth", call(1, method, "\"a\"", null)));
			}
		}
	}

	private static String invitation(RunningServer server, String method) {
		return server.call("Booth", call(1, method, "\"a\"", null), "Rpc-Coalesced", "1").header("Rpc-Max-Coalesced");
	}

	@RpcContract("Booth")
	interface BoothContract {

		String echo(String text);

		Mono<String> later(String text);

		long timeLeft();

		Mono<String> open(String name);

		String sleep(String text) throws InterruptedException;

		int doze(int millis) throws InterruptedException;

	}

	static class Booth implements BoothContract {

		final Set<String> open = ConcurrentHashMap.newKeySet();

		final Set<String> calls = ConcurrentHashMap.newKeySet();

		final CountDownLatch close = new CountDownLatch(1);

		@Override
		public String echo(String text) {
			this.calls.add(text);
			return text;
		}

		@Override
		public Mono<String> later(String text) {
			return Mono.just(text).delayElement(Duration.ofMillis(10));
		}

		@Override
		public long timeLeft() {
			return InboundCall.current().deadline().remaining().toMillis();
		}

		@Override
		public Mono<String> open(String name) {
			this.open.add(name);
			return Mono.fromFuture(CompletableFuture.supplyAsync(() -> {
				try {
					this.close.await(20, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				return name;
			})).doOnCancel(() -> this.open.remove(name));
		}

		@Override
		public int doze(int millis) throws InterruptedException {
			this.calls.add(Integer.toString(millis));
			Thread.sleep(millis);
			return millis;
		}

		@Override
		public String sleep(String text) throws InterruptedException {
			Thread.sleep(6);
			return text;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class BoothApplication {

		@Bean
		@RpcService
		Booth booth() {
			return new Booth();
		}

	}

}
