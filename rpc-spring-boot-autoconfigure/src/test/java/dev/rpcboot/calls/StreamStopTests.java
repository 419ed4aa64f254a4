package dev.rpcboot.calls;

import dev.rpcboot.RpcConnectionException;
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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams whose provider stops. A class of its own: with one application on Netty the
 * event loops stop that it shares with every other in the process.
 */
@Timeout(60)
class StreamStopTests {

	private final Applications applications = new Applications();

	@AfterEach
	void stop() {
		this.applications.close();
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET,FLUX", "SERVLET,STREAM", "SERVLET,ITERATOR", "REACTIVE,FLUX", "REACTIVE,STREAM",
			"REACTIVE,ITERATOR" })
	void failsWhenTheProviderStops(WebApplicationType stack, Produced how) throws Exception {
		ConfigurableApplicationContext stopping = this.applications.provider(stack, FeedProvider.class,
				"spring.lifecycle.timeout-per-shutdown-phase=100ms");
		FeedProvider stopped = stopping.getBean(FeedProvider.class);
		FeedConsumer consumer = this.applications
			.consumer(FeedConsumer.class, "rpc.client.targets.feed.url=" + Applications.url(stopping))
			.getBean(FeedConsumer.class);
		try (Taking items = consumer.take(Taken.FLUX, "feed", how, Plan.of(3).gatedAfter(1))) {
			items.next();

			stopping.close();

			assertThat(FeedTests.failureOf(items)).isInstanceOf(RpcConnectionException.class);
		}
		FeedTests.await(() -> stopped.open.get() == 0);
	}

}
