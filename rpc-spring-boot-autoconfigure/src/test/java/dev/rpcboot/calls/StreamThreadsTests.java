package dev.rpcboot.calls;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What streams hold while they last, and that they give it back.
 */
@Timeout(120)
class StreamThreadsTests {

	/** Fewer than there are consumers. */
	private static final int THREADS = 4;

	private static final int CONSUMERS = 12;

	private final Applications applications = new Applications();

	@AfterEach
	void stop() {
		this.applications.close();
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,STREAM", "SERVLET,ITERATOR", "REACTIVE,STREAM", "REACTIVE,ITERATOR" })
	void holdsNoThreadForAConsumerThatTakesNothing(WebApplicationType stack, Produced how) throws Exception {
		ConfigurableApplicationContext providing = this.applications.provider(stack, FewThreads.class);
		FeedConsumer consumer = this.applications
			.consumer(FeedConsumer.class, "rpc.client.timeout=20s",
					"rpc.client.targets.feed.url=" + Applications.url(providing))
			.getBean(FeedConsumer.class);
		FeedProvider provider = providing.getBean(FeedProvider.class);
		ThreadPoolTaskExecutor threads = providing.getBean("rpcServerStreamExecutor", ThreadPoolTaskExecutor.class);
		List<Taking> stalled = new ArrayList<>();
		try {
			for (int i = 0; i < CONSUMERS; i++) {
				Taking items = consumer.take(Taken.STREAM, "feed", how, Plan.of(FeedTests.MANY).sized(FeedTests.LARGE));
				assertThat(items.next().number()).isZero();
				stalled.add(items);
			}

			FeedTests.await(() -> threads.getActiveCount() == 0);

			assertThat(provider.open).hasValue(CONSUMERS);
			assertThat(threads.getPoolSize()).isLessThanOrEqualTo(THREADS);
			try (Taking other = consumer.take(Taken.STREAM, "feed", how, Plan.of(100))) {
				assertThat(other.drain()).isEqualTo(100);
			}
		}
		finally {
			stalled.forEach(Taking::close);
		}
		FeedTests.await(() -> provider.open.get() == 0);
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,FLUX", "SERVLET,STREAM", "REACTIVE,FLUX", "REACTIVE,STREAM" })
	void givesBackWhatCancelledStreamsHeld(WebApplicationType stack, Produced how) {
		int cancelled = Integer.getInteger("rpc.test.cancelled-streams", 1_000);
		int atATime = 20;
		// one that is not given back is missed long before the end
		ConfigurableApplicationContext providing = this.applications.provider(stack, FeedProvider.class,
				"rpc.server.stream.max-concurrent=" + 2 * atATime, "rpc.server.stream.heartbeat=1m");
		ConfigurableApplicationContext consuming = this.applications.consumer(FeedConsumer.class,
				"rpc.client.timeout=20s", "rpc.client.targets.feed.url=" + Applications.url(providing));
		FeedProvider provider = providing.getBean(FeedProvider.class);
		FeedConsumer consumer = consuming.getBean(FeedConsumer.class);
		int threads = Thread.activeCount();
		long start = System.nanoTime();

		for (int done = 0; done < cancelled; done += atATime) {
			List<Disposable> running = new ArrayList<>();
			List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
			for (int i = 0; i < atATime; i++) {
				running.add(consumer.flux("feed", how, Plan.of(2).gatedAfter(1))
					.subscribe((item) -> begun.add(item.number())));
			}
			FeedTests.await(() -> begun.size() == atATime);
			running.forEach(Disposable::dispose);
			FeedTests.await(() -> provider.open.get() == 0);
		}

		System.out.println("FIGURE " + stack + " " + how + " cancelled " + cancelled + " streams in "
				+ (System.nanoTime() - start) / 1_000_000 + "ms, threads " + threads + " -> " + Thread.activeCount()
				+ ", open connections " + Pools.open(consuming));
		assertThat(provider.entered).hasValue(cancelled);
		FeedTests.await(() -> Pools.leased(consuming) == 0);
		FeedTests.await(() -> LiveObjects.count("dev.rpcboot.server.EventStream") == 0
				&& LiveObjects.count("dev.rpcboot.server.RunningCalls$Key") == 0
				&& LiveObjects.count("dev.rpcboot.client.EventItems") == 0
				&& LiveObjects.count("dev.rpcboot.client.CallContext") == 0);
		assertThat(Thread.activeCount()).isLessThan(threads + 6 * atATime);
	}

	@Configuration(proxyBeanMethods = false)
	@Import(FeedProvider.class)
	static class FewThreads {

		@Bean(defaultCandidate = false)
		ThreadPoolTaskExecutor rpcServerStreamExecutor() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(THREADS);
			executor.setMaxPoolSize(THREADS);
			return executor;
		}

	}

}
