package dev.rpcboot.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.rpcboot.server.Feeds.Plan;
import dev.rpcboot.server.FeedsApplication.FeedsBean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the producer of a stream follows its reader, on both web stacks alike.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(60)
class StreamFlowTests {

	private static final int MANY = 200_000;

	private static RunningServer server;

	private static FeedsBean feeds;

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, FeedsApplication.class, "rpc.server.stream.heartbeat=100ms",
				"rpc.server.stream.max-concurrent=60");
		feeds = server.bean(FeedsBean.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void reset() {
		await(() -> feeds.open.get() == 0);
		feeds.reset();
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void producesNoMoreThanASlowReaderTakes(String method) {
		try (RawStream answer = RawStream.open(server, method, Plan.of(MANY, 100, -1, false))) {
			int produced = whenSteady();

			assertThat(produced).isLessThan(MANY / 4);
			for (int number = 0; number < MANY; number++) {
				assertThat(answer.event()).contains("\"number\":" + number + ",");
			}
			assertThat(answer.event()).startsWith("event: end");
			assertThat(feeds.produced).hasValue(MANY);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void stopsTheProducerWhenTheReaderLeaves(String method) throws InterruptedException {
		try (RawStream answer = RawStream.open(server, method, Plan.of(MANY, 100, -1, false))) {
			answer.event();
		}

		assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(feeds.produced).hasValueLessThan(MANY / 4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void noticesByItsHeartbeatsThatTheReaderOfAnIdleStreamHasLeft(String method) throws InterruptedException {
		try (RawStream answer = RawStream.open(server, method, Plan.of(2, 1, -1, true))) {
			answer.event();
			assertThat(answer.block()).isEqualTo(":");
			assertThat(answer.block()).isEqualTo(":");
		}

		assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(feeds.produced).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void takesTheDeadlineForTheFirstItem(String method) throws InterruptedException {
		try (RawStream answer = RawStream.open(server, method, Plan.of(-1, 1, -1, true), "Rpc-Timeout-Ms", "200")) {
			assertThat(answer.status()).isEqualTo(504);
			assertThat(answer.header("Rpc-Status")).isEqualTo("DEADLINE_EXCEEDED");
			assertThat(feeds.closed.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void outlivesTheDeadlineOnceTheFirstItemIsThere(String method) {
		try (RawStream answer = RawStream.open(server, method, Plan.of(2, 1, -1, true), "Rpc-Timeout-Ms", "300")) {
			answer.event();
			for (int heartbeat = 0; heartbeat < 5; heartbeat++) {
				assertThat(answer.block()).isEqualTo(":");
			}
			feeds.gate.release();

			assertThat(answer.event()).contains("\"number\":1");
			assertThat(answer.event()).startsWith("event: end");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "stream", "iterator" })
	void keepsNoThreadForASlowReader(String method) {
		List<RawStream> answers = new ArrayList<>();
		try {
			for (int i = 0; i < 50; i++) {
				answers.add(RawStream.open(server, method, Plan.of(MANY, 1000, -1, false)));
			}
			int produced = whenSteady();

			assertThat(produced).isGreaterThan(50).isLessThan(50 * MANY / 4);
			assertThat(feeds.open).hasValue(50);
			await(() -> busyThreads() == 0);
		}
		finally {
			answers.forEach(RawStream::close);
		}
	}

	private static long busyThreads() {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.filter((frames) -> List.of(frames)
				.stream()
				.anyMatch((frame) -> frame.getClassName().startsWith("dev.rpcboot.server.")
						&& !frame.getClassName().contains("Tests")))
			.count();
	}

	/**
	 * How many items there are when no more of them come.
	 */
	private static int whenSteady() {
		int before = -1;
		for (int now = feeds.produced.get(); now != before; now = feeds.produced.get()) {
			before = now;
			LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
		}
		return before;
	}

	private static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).isLessThan(end);
			LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
		}
	}

}
