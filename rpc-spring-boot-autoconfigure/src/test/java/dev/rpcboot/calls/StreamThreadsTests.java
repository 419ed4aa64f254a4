package dev.rpcboot.calls;

import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
