package dev.rpcboot.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.RpcContract;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A provider that is busy for as long as a test wants, or that has room for ten calls at
 * a time, each of which takes a tenth of a second.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class WorkApplication {

	static final String HOLD = "{\"jsonrpc\":\"2.0\",\"method\":\"hold\",\"id\":1}";

	static final String WORK = "{\"jsonrpc\":\"2.0\",\"method\":\"work\",\"id\":2}";

	static final String QUICK = "{\"jsonrpc\":\"2.0\",\"method\":\"quick\",\"id\":3}";

	static final String ENDLESS = "{\"jsonrpc\":\"2.0\",\"method\":\"endless\",\"id\":4}";

	@Bean
	@RpcService
	WorkBean work() {
		return new WorkBean();
	}

	@RpcContract("Work")
	interface Work {

		void hold() throws Exception;

		void work() throws Exception;

		void quick();

		Flux<Integer> endless();

	}

	static class WorkBean implements Work {

		final AtomicInteger entered = new AtomicInteger();

		final CountDownLatch release = new CountDownLatch(1);

		private final Semaphore workers = new Semaphore(10, true);

		@Override
		public void hold() throws Exception {
			this.entered.incrementAndGet();
			this.release.await(20, TimeUnit.SECONDS);
		}

		@Override
		public void work() throws Exception {
			this.entered.incrementAndGet();
			this.workers.acquire();
			try {
				Thread.sleep(100);
			}
			finally {
				this.workers.release();
			}
		}

		@Override
		public void quick() {
			this.entered.incrementAndGet();
		}

		@Override
		public Flux<Integer> endless() {
			return Flux.<Integer>never().startWith(1);
		}

	}

}
