package dev.rpcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.call.NanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Requests that come slowly, and together would need more memory than there is for them.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(30)
class RequestMemoryTests {

	private static final String CALL = "{\"jsonrpc\":\"2.0\",\"method\":\"get_data\",\"id\":1}";

	private static RunningServer server;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, SpecApplication.class, "rpc.server.max-request-size=90KB",
				"rpc.server.max-request-memory=90KB");
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@AfterEach
	void allOfItIsGivenBack() {
		await().atMost(Duration.ofSeconds(10)).until(() -> memory().used() == 0);
	}

	@Test
	void refusesARequestForWhichNothingIsLeft() throws IOException {
		try (RawHttp slow = new RawHttp(server.port())) {
			slow.write(head(80_000) + " ".repeat(78_000));
			await().atMost(Duration.ofSeconds(10)).until(() -> memory().used() >= 60_000);

			RawHttp.Answer refusal = server.call("spec", " ".repeat(50_000) + CALL);
			RawHttp.Answer small = server.call("spec", CALL);
			slow.write(" ".repeat(2_000 - CALL.length()) + CALL);

			assertThat(refusal.status()).isEqualTo(503);
			assertThat(refusal.header("Rpc-Status")).isEqualTo("OVERLOADED");
			assertThat(refusal.header("Connection")).isEqualTo("close");
			assertThat(refusal.text()).contains("\"executed\":\"no\"");
			assertThat(small.status()).isEqualTo(200);
			assertThat(slow.read("POST").status()).isEqualTo(200);
		}
	}

	@Test
	void hasRoomAgainWhenASlowSenderGivesUp() throws IOException {
		try (RawHttp slow = new RawHttp(server.port())) {
			slow.write(head(80_000) + " ".repeat(78_000));
			await().atMost(Duration.ofSeconds(10)).until(() -> memory().used() >= 60_000);
		}

		await().atMost(Duration.ofSeconds(10)).until(() -> memory().used() == 0);
		assertThat(server.call("spec", " ".repeat(50_000) + CALL).status()).isEqualTo(200);
	}

	@Test
	void takesNothingForARequestThatIsOver() {
		RequestMemory memory = new RequestMemory(100_000, NanoClock.SYSTEM);
		RequestMemory.Share share = memory.open();
		share.take(50_000);

		share.close();

		assertThatExceptionOfType(RequestMemory.ExhaustedException.class).isThrownBy(() -> share.take(50_000));
		assertThat(memory.used()).isZero();
	}

	@Test
	void givesUpARequestThatBringsLessThanItMust() {
		AtomicLong now = new AtomicLong();
		RequestMemory memory = new RequestMemory(100_000, now::get);
		try (RequestMemory.Share steady = memory.open(); RequestMemory.Share dripping = memory.open()) {
			now.addAndGet(Duration.ofSeconds(5).toNanos());

			steady.received(1200);

			assertThat(memory.readers()).isEqualTo(2);
			assertThatExceptionOfType(RequestMemory.TooSlowException.class).isThrownBy(() -> dripping.received(5));
		}
		assertThat(memory.readers()).isZero();
	}

	private static RequestMemory memory() {
		return server.bean(RpcDispatcher.class).requestMemory();
	}

	private static String head(int length) {
		return "POST /rpc/spec HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
				+ length + "\r\n\r\n";
	}

}
