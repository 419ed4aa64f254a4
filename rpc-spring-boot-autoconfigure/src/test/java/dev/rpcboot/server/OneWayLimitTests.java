package dev.rpcboot.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One-way calls where no thread can be made.
 */
@Timeout(60)
class OneWayLimitTests {

	private static final String RING = "{\"jsonrpc\":\"2.0\",\"method\":\"ring\"}";

	@ParameterizedTest
	@EnumSource(Stack.class)
	void countsNoCallThatNeverStarted(Stack stack) throws Exception {
		try (RunningServer server = RunningServer.open(stack, BellApplication.class, "rpc.server.max-threads=1")) {
			RawHttp.Answer failed = server.call("Bell", RING);
			CountDownLatch idle = new CountDownLatch(1);
			server.bean(RpcDispatcher.class).whenAcceptedCallsEnd(idle::countDown);
			RawHttp.Answer accepted = server.call("Bell", RING);

			assertThat(failed.status()).isEqualTo(500);
			assertThat(idle.getCount()).isZero();
			assertThat(accepted.status()).isEqualTo(204);
			assertThat(server.bean(TowerBell.class).rung.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@RpcContract("Bell")
	interface Bell {

		@RpcMethod(oneWay = true)
		void ring();

	}

	static class TowerBell implements Bell {

		final CountDownLatch rung = new CountDownLatch(1);

		@Override
		public void ring() {
			this.rung.countDown();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class BellApplication {

		@Bean
		@RpcService
		TowerBell bell() {
			return new TowerBell();
		}

		@Bean
		Executor rpcServerExecutor() {
			AtomicBoolean failed = new AtomicBoolean();
			return (task) -> {
				if (failed.compareAndSet(false, true)) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				new Thread(task).start();
			};
		}

	}

}
