package dev.rpcboot.server;

import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.rpcboot.server.OrdersApplication.OrdersBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What becomes of a call, on both web stacks alike.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(30)
class CallTests {

	private static RunningServer server;

	private static OrdersBean orders;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, OrdersApplication.class, "rpc.server.batch.concurrency=4",
				"rpc.server.max-answer-size=10KB", "rpc.server.max-timeout=20s");
		orders = server.bean(OrdersBean.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void sendsDeclaredExceptionWithItsProperties() {
		RawHttp.Answer answer = call("available", "\"A-1\"");

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Rpc-Status")).isEqualTo("APPLICATION");
		JsonNode error = json(answer).get("error");
		assertThat(error.get("code").asInt()).isEqualTo(1);
		assertThat(error.get("message").asString()).isEqualTo("No such sku");
		assertThat(error.at("/data/reason").asString()).isEqualTo("APPLICATION");
		assertThat(error.at("/data/executed").asString()).isEqualTo("yes");
		assertThat(error.at("/data/type").asString()).isEqualTo("UnknownSkuException");
		assertThat(error.at("/data/attributes/sku").asString()).isEqualTo("A-1");
		assertThat(error.at("/data/attributes/known").asInt()).isEqualTo(7);
	}

	@Test
	void cutsTheMessageOfADeclaredExceptionWithoutSplittingACharacter() {
		JsonNode error = json(call("available", "\"long\"")).get("error");

		assertThat(error.get("message").asString()).isEqualTo("x".repeat(999));
	}

	@Test
	void tellsNothingOfAnUndeclaredExceptionButAnIdThatTheLogHasToo(CapturedOutput log) {
		RawHttp.Answer answer = call("fail", "");

		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.header("Rpc-Status")).isEqualTo("INTERNAL");
		assertThat(answer.text()).doesNotContain("secret").doesNotContain("IllegalState").doesNotContain("home");
		JsonNode error = json(answer).get("error");
		assertThat(error.get("message").asString()).isEqualTo("Internal error");
		assertThat(error.at("/data/executed").asString()).isEqualTo("yes");
		String traceId = error.at("/data/traceId").asString();
		assertThat(traceId).hasSize(32);
		assertThat(log).contains("Orders/fail failed, traceId " + traceId)
			.contains("IllegalStateException: " + OrdersApplication.SECRET);
	}

	@Test
	void refusesArgumentsThatBreakConstraintsWithoutEnteringTheMethod() {
		orders.events.clear();

		RawHttp.Answer answer = call("place",
				"{\"customer\":\" \",\"lines\":[{\"sku\":\"a\",\"quantity\":0},{\"sku\":\"b\",\"quantity\":1}]}");

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Rpc-Status")).isEqualTo("INVALID_ARGUMENT");
		JsonNode error = json(answer).get("error");
		assertThat(error.get("code").asInt()).isEqualTo(-32602);
		assertThat(error.at("/data/executed").asString()).isEqualTo("no");
		assertThat(error.at("/data/violations/0/path").asString()).isEqualTo("order.customer");
		assertThat(error.at("/data/violations/0/rule").asString()).isEqualTo("NotBlank");
		assertThat(error.at("/data/violations/1/path").asString()).isEqualTo("order.lines[0].quantity");
		assertThat(error.at("/data/violations/1/rule").asString()).isEqualTo("Min");
		assertThat(error.at("/data/violations/1/message").asString()).contains("1");
		assertThat(error.at("/data/violations")).hasSize(2);
		assertThat(orders.events).isEmpty();
	}

	@Test
	void acceptsArgumentsThatKeepConstraints() {
		RawHttp.Answer answer = call("place", "{\"customer\":\"me\",\"lines\":[{\"sku\":\"a\",\"quantity\":1}]}");

		assertThat(json(answer).get("result").asString()).isEqualTo("placed");
	}

	@Test
	void answersWithTheResultOfAFuture() {
		assertThat(json(call("later", "\"x\"")).get("result").asString()).isEqualTo("later x");
		assertThat(json(call("later", "\"unknown\"")).at("/error/data/attributes/sku").asString()).isEqualTo("unknown");
	}

	@Test
	void answersWithTheResultOfAMono() {
		assertThat(json(call("reactive", "\"x\"")).get("result").asString()).isEqualTo("reactive x");
		assertThat(json(call("reactive", "\"unknown\"")).at("/error/data/attributes/sku").asString())
			.isEqualTo("unknown");
	}

	@Test
	void cancelsAPendingFutureAtItsDeadline() {
		RawHttp.Answer answer = call("never", "", "Rpc-Timeout-Ms", "150");

		assertDeadlineExceeded(answer, "unknown");
		await().atMost(Duration.ofSeconds(10)).until(orders.own::isCancelled);
	}

	@Test
	void leavesTheFutureAloneOfWhichABeanGaveACopy() {
		RawHttp.Answer answer = call("neverShared", "", "Rpc-Timeout-Ms", "150");

		assertDeadlineExceeded(answer, "unknown");
		assertThat(orders.shared).isNotDone();
	}

	@Test
	void cancelsAPendingMonoAtItsDeadline() throws Exception {
		RawHttp.Answer answer = call("reactiveNever", "", "Rpc-Timeout-Ms", "150");

		assertDeadlineExceeded(answer, "unknown");
		assertThat(orders.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void cancelsAMonoWhenTheCallerOfWebFluxHangsUp() throws Exception {
		assumeTrue(this.stack == Stack.REACTIVE, "servlet containers do not see a caller leave");
		try (RawHttp http = new RawHttp(server.port())) {
			String body = request("reactiveHeld", "", "1");
			http.write("POST /rpc/Orders HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Content-Length: " + body.length() + "\r\n\r\n" + body);
			assertThat(orders.held.await(10, TimeUnit.SECONDS)).isTrue();
		}

		assertThat(orders.left.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void dropsTheResultOfAMethodThatOutlastsItsDeadline() {
		assertDeadlineExceeded(call("outlastDeadline", "", "Rpc-Timeout-Ms", "50"), "unknown");
	}

	@Test
	void refusesACallWhoseTimeIsOverAlready() {
		orders.events.clear();

		RawHttp.Answer answer = call("greet", "\"late\"", "Rpc-Timeout-Ms", "0");

		assertDeadlineExceeded(answer, "no");
		assertThat(orders.events).isEmpty();
	}

	@Test
	void handsTheTimeLeftToCallsMadeMeanwhile() {
		assertThat(json(call("timeLeft", "", "Rpc-Timeout-Ms", "9000")).get("result").asLong()).isBetween(1L, 9000L);
		assertThat(json(call("reactiveTimeLeft", "", "Rpc-Timeout-Ms", "9000")).get("result").asLong()).isBetween(1L,
				9000L);
	}

	@Test
	void clampsTheTimeToTheLongestAllowed() {
		assertThat(json(call("timeLeft", "", "Rpc-Timeout-Ms", "9999999999")).get("result").asLong()).isBetween(1L,
				20_000L);
		assertThat(json(call("timeLeft", "")).get("result").asLong()).isBetween(1L, 20_000L);
	}

	@Test
	void runsEntriesOfABatchTogetherUpToTheLimitAndAnswersInOrder() {
		// no entry ends before four run, so fewer at a time would not end at all
		orders.barrier = new CyclicBarrier(4);
		orders.mostRunning.set(0);
		String batch = IntStream.range(0, 12)
			.mapToObj((i) -> request("meet", Integer.toString(i), Integer.toString(i)))
			.collect(Collectors.joining(",", "[", "]"));

		RawHttp.Answer answer = server.call("Orders", batch);

		assertThat(answer.header("Rpc-Status")).isEqualTo("BATCH");
		List<Integer> results = new ArrayList<>();
		json(answer).forEach((response) -> results.add(response.get("result").asInt()));
		assertThat(results).isEqualTo(IntStream.range(0, 12).boxed().toList());
		assertThat(orders.mostRunning).hasValue(4);
	}

	@Test
	void runsNotificationsAndAnswersNothing(CapturedOutput log) {
		orders.events.clear();

		RawHttp.Answer answer = server.call("Orders",
				"[{\"jsonrpc\":\"2.0\",\"method\":\"record\",\"params\":[\"one\"]},"
						+ "{\"jsonrpc\":\"2.0\",\"method\":\"record\",\"params\":[\"broken\"]}]");
		RawHttp.Answer single = server.call("Orders",
				"{\"jsonrpc\":\"2.0\",\"method\":\"record\",\"params\":[\"two\"]}");

		assertThat(answer.status()).isEqualTo(204);
		assertThat(single.status()).isEqualTo(204);
		assertThat(single.body()).isEmpty();
		assertThat(orders.events).containsExactlyInAnyOrder("one", "two");
		assertThat(log).contains("a notification broke");
	}

	@Test
	void failsACallWhoseResultCannotBeEncoded() {
		RawHttp.Answer answer = call("unencodable", "");

		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.text()).doesNotContain("secret");
		assertThat(json(answer).at("/error/code").asInt()).isEqualTo(-32603);
		assertThat(json(answer).at("/error/data/executed").asString()).isEqualTo("yes");
	}

	@Test
	void doesNotSendAnAnswerAboveTheLimit() {
		RawHttp.Answer answer = call("large", "20000");

		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.header("Rpc-Status")).isEqualTo("PAYLOAD_TOO_LARGE");
		assertThat(json(answer).at("/error/data/executed").asString()).isEqualTo("yes");
		assertThat(json(call("large", "9000")).get("result").asString()).hasSize(9000);
	}

	@Test
	void refusesAMirroredMethodThatDiffersFromTheBody() {
		orders.events.clear();

		RawHttp.Answer answer = call("greet", "\"you\"", "Rpc-Method", "fail");

		assertThat(answer.status()).isEqualTo(400);
		assertThat(json(answer).at("/error/code").asInt()).isEqualTo(-32600);
		assertThat(json(answer).get("id").asInt()).isEqualTo(1);
		assertThat(orders.events).isEmpty();
	}

	@Test
	void namesTheFailureOfANotificationInItsHeaderAlone() {
		RawHttp.Answer answer = server.call("Orders",
				"{\"jsonrpc\":\"2.0\",\"method\":\"record\",\"params\":[\"broken\"]}");

		assertThat(answer.status()).isEqualTo(204);
		assertThat(answer.header("Rpc-Status")).isEqualTo("INTERNAL");
	}

	@Test
	void logsAFailureThatComesAfterTheDeadline(CapturedOutput log) {
		RawHttp.Answer answer = call("failAfterDeadline", "", "Rpc-Timeout-Ms", "50");

		assertDeadlineExceeded(answer, "unknown");
		// on WebFlux the answer need not wait for the method
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(log).contains("Orders/failAfterDeadline failed after its deadline")
				.contains("IllegalStateException: too late"));
	}

	@Test
	void logsTheFailureOfAFutureThatComesAfterTheDeadline(CapturedOutput log) {
		assertDeadlineExceeded(call("failLate", "", "Rpc-Timeout-Ms", "50"), "unknown");

		orders.late.completeExceptionally(new IllegalStateException("late future"));

		assertThat(log).contains("Orders/failLate failed after its deadline")
			.contains("IllegalStateException: late future");
	}

	@Test
	void sharesTheLimitOfAnAnswerAmongTheEntriesOfABatch() {
		RawHttp.Answer answer = server.call("Orders",
				"[" + request("large", "6000", "1") + "," + request("large", "6000", "2") + "]");

		assertThat(answer.body().length).isLessThan(10 * 1024);
		assertThat(answer.text().split("PAYLOAD_TOO_LARGE", -1)).hasSize(2);
		assertThat(answer.text()).contains("\"executed\":\"yes\"");
	}

	@Test
	void doesNotSendAttributesOfAnErrorAboveTheLimit() {
		RawHttp.Answer answer = call("available", "\"" + "y".repeat(20_000) + "\"");

		assertThat(answer.header("Rpc-Status")).isEqualTo("PAYLOAD_TOO_LARGE");
		assertThat(json(answer).at("/error/data/executed").asString()).isEqualTo("yes");
	}

	private static void assertDeadlineExceeded(RawHttp.Answer answer, String executed) {
		assertThat(answer.status()).isEqualTo(504);
		assertThat(answer.header("Rpc-Status")).isEqualTo("DEADLINE_EXCEEDED");
		assertThat(json(answer).at("/error/code").asInt()).isEqualTo(-32004);
		assertThat(json(answer).at("/error/data/executed").asString()).isEqualTo(executed);
	}

	private static RawHttp.Answer call(String method, String argument, String... headers) {
		return server.call("Orders", request(method, argument, "1"), headers);
	}

	private static String request(String method, String argument, String id) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[" + argument + "],\"id\":" + id + "}";
	}

	private static JsonNode json(RawHttp.Answer answer) {
		try {
			return ConformanceMatcher.strict(answer.body());
		}
		catch (CharacterCodingException ex) {
			throw new AssertionError(ex);
		}
	}

}
