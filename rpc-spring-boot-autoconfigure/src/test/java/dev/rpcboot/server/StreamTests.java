package dev.rpcboot.server;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.Feeds.Plan;
import dev.rpcboot.server.FeedsApplication.FeedsBean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a caller sees of a result that comes item by item, on both web stacks alike.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(30)
class StreamTests {

	private static RunningServer server;

	private static FeedsBean feeds;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, FeedsApplication.class, "rpc.server.max-answer-size=10KB");
		feeds = server.bean(FeedsBean.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void reset() {
		feeds.reset();
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void sendsAnEventPerItemAndOneForTheEnd(String method) throws InterruptedException {
		try (RawStream answer = RawStream.open(server, method, Plan.of(2))) {
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
			assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
			assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
			assertThat(answer.header("Rpc-Status")).isEqualTo("STREAM");
			assertThat(answer.rest()).isEqualTo("""
					data: {"jsonrpc":"2.0","id":1,"result":{"number":0,"text":"x"}}

					data: {"jsonrpc":"2.0","id":1,"result":{"number":1,"text":"x"}}

					event: end
					data: {"jsonrpc":"2.0","id":1,"result":null}

					""");
			assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void sendsTheEndOfAnEmptyStream(String method) {
		try (RawStream answer = RawStream.open(server, method, Plan.of(0))) {
			assertThat(answer.header("Rpc-Status")).isEqualTo("STREAM");
			assertThat(answer.rest()).isEqualTo("event: end\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n\n");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void sendsEachItemBeforeTheNextIsProduced(String method) {
		try (RawStream answer = RawStream.open(server, method, Plan.of(4, 1, -1, true))) {
			for (int number = 0; number < 4; number++) {
				assertThat(answer.event()).contains("\"number\":" + number);
				assertThat(feeds.produced).hasValue(number + 1);
				feeds.gate.release();
			}
			assertThat(answer.event()).startsWith("event: end");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void answersAFailureBeforeTheFirstItemLikeThatOfAnyCall(String method) throws Exception {
		try (RawStream answer = RawStream.open(server, method, Plan.of(3, 1, 0, false))) {
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.header("Content-Type")).isEqualTo("application/json");
			assertThat(answer.header("Rpc-Status")).isEqualTo("APPLICATION");
			assertThat(answer.body()).contains("\"type\":\"SoldOutException\"").contains("\"sold\":0");
			assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void sendsALaterFailureAsAnEventWithTheDeclaredException(String method) throws InterruptedException {
		try (RawStream answer = RawStream.open(server, method, Plan.of(3, 1, 1, false))) {
			assertThat(answer.event()).contains("\"number\":0");
			assertThat(answer.rest()).isEqualTo("""
					event: error
					data: {"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"Sold out","data":\
					{"reason":"APPLICATION","executed":"yes","type":"SoldOutException","attributes":{"sold":1}}}}

					""");
			assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void sendsAnItemAboveTheLimitAsAnErrorAndStopsTheProducer(String method) throws InterruptedException {
		try (RawStream answer = RawStream.open(server, method, Plan.of(1000, 11_000, -1, false))) {
			assertThat(answer.rest()).startsWith("event: error\n")
				.contains("PAYLOAD_TOO_LARGE")
				.contains("\"executed\":\"yes\"");
			assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(feeds.produced).hasValueLessThan(4);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void answersWithAnArrayIfEventsAreNotAskedFor(String method) {
		RawHttp.Answer answer = call(method, Plan.of(2));

		assertThat(answer.header("Content-Type")).isEqualTo("application/json");
		assertThat(answer.header("Rpc-Status")).isEqualTo("OK");
		assertThat(answer.text()).isEqualTo(
				"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[{\"number\":0,\"text\":\"x\"},{\"number\":1,\"text\":\"x\"}]}");
		assertThat(call(method, Plan.of(0)).text()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void stopsTheProducerAsSoonAsAnArrayIsAboveTheLimit(String method) throws InterruptedException {
		RawHttp.Answer answer = call(method, Plan.of(1_000_000, 100, -1, false));

		assertThat(answer.header("Rpc-Status")).isEqualTo("PAYLOAD_TOO_LARGE");
		assertThat(answer.text()).contains("\"executed\":\"yes\"");
		assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(feeds.produced).hasValueLessThan(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void holdsTheDeadlineForAllOfAnArray(String method) throws InterruptedException {
		RawHttp.Answer answer = call(method, Plan.of(3, 1, -1, true), "Rpc-Timeout-Ms", "300");

		assertThat(answer.status()).isEqualTo(504);
		assertThat(answer.header("Rpc-Status")).isEqualTo("DEADLINE_EXCEEDED");
		assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void answersWithArraysInABatchWhateverIsAskedFor(String method) throws IOException {
		String entry = RawStream.request(method, Plan.of(1));
		RawHttp.Answer answer = server.call("Feeds", "[" + entry + "," + entry + "]", "Accept", "text/event-stream");

		assertThat(answer.header("Rpc-Status")).isEqualTo("BATCH");
		assertThat(answer.text().split("\"result\":\\[\\{\"number\":0", -1)).hasSize(3);
	}

	@ParameterizedTest
	@CsvSource({ "application/json,false", "*/*,false", "text/event-stream;q=0,false", "TEXT/Event-Stream,true",
			"'application/json, text/event-stream;q=0.5',true", "text/event-streams,false" })
	void sendsEventsToWhoNamesThem(String accept, boolean events) {
		String type = server.call("Feeds", RawStream.request("flux", Plan.of(0)), "Accept", accept)
			.header("Content-Type");

		assertThat(type).isEqualTo(events ? "text/event-stream" : "application/json");
	}

	@Test
	void answersAPlainResultPlainlyThoughEventsAreAskedFor() throws IOException {
		try (RawStream answer = RawStream.open(server, "plain", "")) {
			assertThat(answer.header("Content-Type")).isEqualTo("application/json");
			assertThat(answer.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"plain\"}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void cancelsWhatANotificationStarts(String method) throws InterruptedException {
		RawHttp.Answer answer = server.call("Feeds",
				"{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[" + Plan.of(1_000_000) + "]}", "Accept",
				"text/event-stream");

		assertThat(answer.status()).isEqualTo(204);
		assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(feeds.produced).hasValueLessThan(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void logsAFailureThatNobodyDeclaredUnderTheIdThatTheCallerGets(String method, CapturedOutput log) {
		try (RawStream answer = RawStream.open(server, method, Plan.of(2, -1, -1, false))) {
			assertThat(answer.event()).contains("\"number\":0");
			String error = answer.event();
			assertThat(error).startsWith("event: error").contains("INTERNAL").doesNotContain("repeat");
			String traceId = error.replaceAll("(?s).*\"traceId\":\"([^\"]+)\".*", "$1");
			assertThat(log).contains("Feeds/" + method + " failed, traceId " + traceId)
				.contains("IllegalArgumentException");
		}
	}

	private static RawHttp.Answer call(String method, String plan, String... headers) {
		return server.call("Feeds", RawStream.request(method, plan), headers);
	}

}
