package dev.rpcboot.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.rpcboot.server.Feeds.Plan;
import dev.rpcboot.server.FeedsApplication.FeedsBean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many streams run, for how long, and on whose behalf.
 */
@Timeout(60)
class StreamLimitsTests {

	private static final Logger logger = LoggerFactory.getLogger(StreamLimitsTests.class);

	private static final int MILLION = 1_000_000;

	@ParameterizedTest
	@CsvSource({ "SERVLET,flux", "SERVLET,stream", "SERVLET,iterator", "REACTIVE,flux", "REACTIVE,stream",
			"REACTIVE,iterator" })
	void refusesAStreamTooManyWithoutEnteringItsMethod(Stack stack, String method) {
		try (RunningServer server = RunningServer.open(stack, FeedsApplication.class,
				"rpc.server.stream.max-concurrent=1")) {
			FeedsBean feeds = server.bean(FeedsBean.class);
			try (RawStream running = RawStream.open(server, method, Plan.of(2, 1, -1, true))) {
				running.event();

				RawHttp.Answer refused = server.call("Feeds", RawStream.request(method, Plan.of(1)));

				assertThat(refused.status()).isEqualTo(503);
				assertThat(refused.header("Rpc-Status")).isEqualTo("OVERLOADED");
				assertThat(refused.header("Retry-After")).isEqualTo("1");
				assertThat(refused.text()).contains("\"executed\":\"no\"");
				assertThat(feeds.entered).hasValue(1);
				feeds.gate.release();
				assertThat(running.rest()).contains("\"number\":1").contains("event: end");
			}
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
			RawHttp.Answer next = server.call("Feeds", RawStream.request(method, Plan.of(1)));
			while (next.status() == 503 && System.nanoTime() < end) {
				// the permit comes back when the producer is closed, a moment after the
				// end
				LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
				next = server.call("Feeds", RawStream.request(method, Plan.of(1)));
			}
			assertThat(next.status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,flux", "SERVLET,iterator", "REACTIVE,flux", "REACTIVE,iterator" })
	void givesUpAReaderThatTakesNothing(Stack stack, String method) throws InterruptedException {
		try (RunningServer server = RunningServer.open(stack, FeedsApplication.class,
				"rpc.server.stream.stall-timeout=500ms", "server.tomcat.connection-timeout=1s")) {
			FeedsBean feeds = server.bean(FeedsBean.class);
			try (RawStream stalled = RawStream.open(server, method, Plan.of(MILLION, 1000, -1, false))) {
				assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
				assertThat(feeds.produced).hasValueLessThan(MILLION / 4);
				assertThat(stalled.isOverWithin(Duration.ofSeconds(10))).isTrue();
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,flux", "SERVLET,stream", "REACTIVE,flux", "REACTIVE,stream" })
	void sendsAMillionItems(Stack stack, String method) {
		try (RunningServer server = RunningServer.open(stack, FeedsApplication.class);
				RawStream answer = RawStream.open(server, method, Plan.of(MILLION, 100, -1, false))) {
			long start = System.nanoTime();
			int items = 0;
			for (String event = answer.event(); event.startsWith("data:"); event = answer.event()) {
				items++;
			}
			double seconds = (System.nanoTime() - start) / 1e9;

			assertThat(items).isEqualTo(MILLION);
			logger.info("{} items/s of a {} on {}", Math.round(items / seconds), method, stack);
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,streamCaller", "REACTIVE,streamCaller", "REACTIVE,fluxCaller" })
	void producesItemsUnderTheIdentityOfTheCaller(Stack stack, String method) {
		Class<?> application = (stack == Stack.SERVLET) ? SecurityTests.ServletVault.class
				: SecurityTests.ReactiveVault.class;
		String joe = "Basic " + Base64.getEncoder().encodeToString("joe:secret".getBytes(StandardCharsets.UTF_8));
		try (RunningServer server = RunningServer.secured(stack, application, "spring.security.user.name=joe",
				"spring.security.user.password=secret", "spring.main.sources=" + FeedsApplication.class.getName());
				RawStream answer = RawStream.open(server, method, "", "Authorization", joe)) {
			assertThat(answer.event()).contains("\"result\":\"joe\"");
			assertThat(answer.event()).contains("\"result\":\"joe\"");
			assertThat(answer.event()).startsWith("event: end");
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void cancelsStreamsWhenTheApplicationStops(Stack stack) throws InterruptedException {
		FeedsBean feeds;
		RawStream running;
		try (RunningServer server = RunningServer.open(stack, FeedsApplication.class,
				"spring.lifecycle.timeout-per-shutdown-phase=100ms")) {
			feeds = server.bean(FeedsBean.class);
			running = RawStream.open(server, "iterator", Plan.of(2, 1, -1, true));
			running.event();
		}

		assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		running.close();
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	@EnabledForJreRange(min = JRE.JAVA_21)
	void pullsOnVirtualThreadsWhereTheApplicationUsesThem(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, FeedsApplication.class,
				"spring.threads.virtual.enabled=true");
				RawStream answer = RawStream.open(server, "stream", Plan.of(100))) {
			assertThat(answer.rest()).contains("\"number\":99").contains("event: end");
		}
	}

}
