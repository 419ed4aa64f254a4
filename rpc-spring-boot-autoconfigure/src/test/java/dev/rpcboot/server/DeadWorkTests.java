package dev.rpcboot.server;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.OrdersApplication.OrdersBean;
import dev.rpcboot.server.WorkApplication.WorkBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls whose time is over before their methods are entered: nobody waits for them.
 */
@Timeout(60)
class DeadWorkTests {

	@ParameterizedTest
	@EnumSource(Stack.class)
	void entersNoEntryOfABatchAfterTheDeadline(Stack stack) {
		try (RunningServer server = RunningServer.open(stack, OrdersApplication.class,
				"rpc.server.batch.concurrency=1")) {
			RawHttp.Answer answer = server.call("Orders",
					"[{\"jsonrpc\":\"2.0\",\"method\":\"outlastDeadline\",\"id\":1},"
							+ "{\"jsonrpc\":\"2.0\",\"method\":\"greet\",\"params\":[\"too late\"],\"id\":2}]",
					"Rpc-Timeout-Ms", "300");

			assertThat(answer.text().split("DEADLINE_EXCEEDED", -1)).hasSize(3);
			assertThat(server.bean(OrdersBean.class).events).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(Stack.class)
	void entersNothingWhoseBodyTookAllTheTime(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, WorkApplication.class);
				RawHttp http = new RawHttp(server.port())) {
			String body = WorkApplication.QUICK;
			http.write("POST /rpc/Work HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
					+ "Rpc-Timeout-Ms: 100\r\nContent-Length: " + body.length() + "\r\n\r\n" + body.substring(0, 10));
			assertThat(new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS)).isFalse();
			http.write(body.substring(10));

			RawHttp.Answer answer = http.read("POST");

			assertThat(answer.status()).isEqualTo(504);
			assertThat(answer.text()).contains("\"executed\":\"no\"");
			assertThat(server.bean(WorkBean.class).entered).hasValue(0);
		}
	}

	@Test
	void entersNothingThatWaitedTooLongForAThread() throws Exception {
		try (RunningServer server = RunningServer.open(Stack.REACTIVE, BusyApplication.class)) {
			RawHttp.Answer answer = server.call("Work", WorkApplication.QUICK, "Rpc-Timeout-Ms", "100");
			server.bean(BusyThreads.class).tasks.take().run();

			assertThat(answer.status()).isEqualTo(504);
			assertThat(server.bean(WorkBean.class).entered).hasValue(0);
			assertThat(server.bean(RpcDispatcher.class).limiter().running()).isZero();
		}
	}

	/**
	 * Threads that never have time until a test gives them some.
	 */
	static class BusyThreads implements Executor {

		final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

		@Override
		public void execute(Runnable task) {
			this.tasks.add(task);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(WorkApplication.class)
	static class BusyApplication {

		@Bean
		BusyThreads rpcServerExecutor() {
			return new BusyThreads();
		}

	}

}
