package dev.rpcboot.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The threads on which methods that block run.
 */
@Timeout(30)
class ExecutorTests {

	private static final String HOLD = "{\"jsonrpc\":\"2.0\",\"method\":\"hold\",\"id\":1}";

	private static final String NAME = "{\"jsonrpc\":\"2.0\",\"method\":\"thread\",\"id\":2}";

	private static final String LATER = "{\"jsonrpc\":\"2.0\",\"method\":\"later\",\"id\":3}";

	@Test
	void refusesCallsOnWebFluxWhenAllThreadsAreBusyWithoutEnteringThem() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BlockingApplication.class,
				"rpc.server.max-threads=1")) {
			BlockingBean bean = server.bean(BlockingBean.class);
			CompletableFuture<RawHttp.Answer> held = CompletableFuture.supplyAsync(() -> server.call("Blocking", HOLD));
			assertThat(bean.entered.await(10, TimeUnit.SECONDS)).isTrue();

			RawHttp.Answer refused = server.call("Blocking", NAME);
			bean.release.countDown();

			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.header("Rpc-Status")).isEqualTo("OVERLOADED");
			assertThat(refused.header("Retry-After")).isEqualTo("1");
			assertThat(refused.text()).contains("\"executed\":\"no\"").contains("\"retryAfterMs\":1000");
			assertThat(held.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		}
	}

	@Test
	void runsABatchOnWebFluxWithTheOneThreadThatIsFree() {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BlockingApplication.class,
				"rpc.server.max-threads=1")) {
			RawHttp.Answer answer = server.call("Blocking", "[" + NAME + "," + NAME + "," + NAME + "]");

			assertThat(answer.text().split("rpc-server-", -1)).hasSize(4);
		}
	}

	@Test
	void refusesTheEntriesOfABatchOnWebFluxWhenNoThreadIsFree() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BlockingApplication.class,
				"rpc.server.max-threads=1")) {
			BlockingBean bean = server.bean(BlockingBean.class);
			CompletableFuture<RawHttp.Answer> held = CompletableFuture.supplyAsync(() -> server.call("Blocking", HOLD));
			assertThat(bean.entered.await(10, TimeUnit.SECONDS)).isTrue();

			RawHttp.Answer refused = server.call("Blocking", "[" + NAME + "," + NAME + "]");
			bean.release.countDown();

			assertThat(refused.text().split("OVERLOADED", -1)).hasSize(3);
			assertThat(held.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		}
	}

	@Test
	void answersAtTheDeadlineOnWebFluxThoughTheMethodStillBlocks() {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BlockingApplication.class)) {
			RawHttp.Answer single = server.call("Blocking", HOLD, "Rpc-Timeout-Ms", "200");
			RawHttp.Answer batch = server.call("Blocking", "[" + NAME + "," + HOLD + "]", "Rpc-Timeout-Ms", "200");
			long stillHeld = server.bean(BlockingBean.class).release.getCount();
			server.bean(BlockingBean.class).release.countDown();

			assertThat(single.status()).isEqualTo(504);
			assertThat(single.text()).contains("\"id\":1").contains("\"executed\":\"unknown\"");
			assertThat(batch.text()).contains("rpc-server-").contains("DEADLINE_EXCEEDED");
			assertThat(stillHeld).isEqualTo(1);
		}
	}

	@Test
	void runsBlockingMethodsOffTheEventLoop() {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BlockingApplication.class)) {
			assertThat(server.call("Blocking", NAME).text()).contains("rpc-server-");
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void runsBlockingMethodsOnVirtualThreadsWhereTheApplicationUsesThem() {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BlockingApplication.class,
				"spring.threads.virtual.enabled=true")) {
			assertThat(server.call("Blocking", NAME).text()).contains("VirtualThread").contains("rpc-server-");
		}
	}

	@Test
	void runsACallOnTheContainersOwnThread() {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, BlockingApplication.class)) {
			assertThat(server.call("Blocking", NAME).text()).contains("-exec-");
		}
	}

	@Test
	void leavesTheApplicationItsOwnExecutor() {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, BlockingApplication.class)) {
			assertThat(server.context().containsBean("applicationTaskExecutor")).isTrue();
			assertThat(server.bean(AsyncTaskExecutor.class))
				.isSameAs(server.context().getBean("applicationTaskExecutor"));
		}
	}

	@Test
	void keepsTheEventLoopFreeOfCompressedRequestsWithOneThreadForEach() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BlockingApplication.class,
				"rpc.server.max-threads=1")) {
			RawHttp.Answer plain = server.call("Blocking", LATER);
			RawHttp.Answer reactive = served(server, LATER);
			RawHttp.Answer blocking = served(server, NAME);
			RawHttp.Answer batch = served(server, "[" + NAME + "," + NAME + "]");
			RawHttp.Answer late = served(server, HOLD, "Rpc-Timeout-Ms", "1000");
			RawHttp.Answer refused = compressed(server, LATER);
			server.bean(BlockingBean.class).release.countDown();

			assertThat(plain.text()).doesNotContain("rpc-server-");
			assertThat(reactive.text()).contains("rpc-server-");
			assertThat(blocking.text()).contains("rpc-server-");
			assertThat(batch.text().split("rpc-server-", -1)).hasSize(3);
			assertThat(late.status()).isEqualTo(504);
			assertThat(late.text()).contains("\"id\":1").contains("\"executed\":\"unknown\"");
			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.header("Rpc-Status")).isEqualTo("OVERLOADED");
			assertThat(refused.text()).contains("\"executed\":\"no\"");
		}
	}

	@Test
	void runsACompressedRequestOnTheContainersOwnThread() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.SERVLET, BlockingApplication.class)) {
			assertThat(compressed(server, LATER).text()).contains("-exec-");
		}
	}

	/** The one thread is not back in the very moment in which a call was answered. */
	private static RawHttp.Answer served(RunningServer server, String body, String... headers) {
		return await().atMost(Duration.ofSeconds(10))
			.until(() -> compressed(server, body, headers), (answer) -> answer.status() != 503);
	}

	private static RawHttp.Answer compressed(RunningServer server, String body, String... headers) throws IOException {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("Content-Type", "application/json");
		all.put("Content-Encoding", "gzip");
		for (int i = 0; i < headers.length; i += 2) {
			all.put(headers[i], headers[i + 1]);
		}
		byte[] coded = CompressionTests.encode("gzip", body.getBytes(StandardCharsets.UTF_8));
		return server.send(new RawHttp.Request("POST", "/rpc/Blocking", all, coded));
	}

	interface Blocking {

		CompletableFuture<String> later();

		void hold() throws InterruptedException;

		String thread();

	}

	static class BlockingBean implements Blocking {

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch release = new CountDownLatch(1);

		@Override
		public void hold() throws InterruptedException {
			this.entered.countDown();
			this.release.await(10, TimeUnit.SECONDS);
		}

		@Override
		public CompletableFuture<String> later() {
			return CompletableFuture.completedFuture(thread());
		}

		@Override
		public String thread() {
			return Thread.currentThread().toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class BlockingApplication {

		@Bean
		@RpcService
		BlockingBean blocking() {
			return new BlockingBean();
		}

	}

}
