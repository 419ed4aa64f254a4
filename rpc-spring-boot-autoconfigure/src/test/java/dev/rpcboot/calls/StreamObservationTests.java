package dev.rpcboot.calls;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What meters and traces are told of streams, on both sides.
 */
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
@Timeout(60)
class StreamObservationTests {

	private static Applications applications;

	private static FeedProvider provider;

	private static FeedConsumer consumer;

	private static CuttableConnections connections;

	private static List<String> served;

	private static List<String> called;

	@Parameter
	WebApplicationType stack;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType stack) throws IOException {
		applications = new Applications();
		ConfigurableApplicationContext providing = applications.provider(stack, ObservedProvider.class,
				"rpc.server.stream.heartbeat=200ms");
		provider = providing.getBean(FeedProvider.class);
		served = providing.getBean(Ended.class).observations;
		connections = CuttableConnections.to(Applications.url(providing));
		ConfigurableApplicationContext consuming = applications.consumer(ObservedConsumer.class,
				"rpc.client.targets.feed.url=" + connections.url(), "rpc.client.circuit-breaker.enabled=false");
		consumer = consuming.getBean(FeedConsumer.class);
		called = consuming.getBean(Ended.class).observations;
	}

	@AfterParameterizedClassInvocation
	static void stop() throws IOException {
		provider.openGate();
		connections.close();
		applications.close();
	}

	@BeforeEach
	void forget() {
		provider.reset();
		served.clear();
		called.clear();
	}

	@ParameterizedTest
	@MethodSource("dev.rpcboot.calls.FeedTests#pairs")
	void endsAtTheEndOfTheStream(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "feed", how, Plan.of(2).gatedAfter(1))) {
			items.next();
			assertThat(called).isEmpty();
			assertThat(served).isEmpty();

			provider.openGate();
			items.drain();
		}

		assertObserved(how, "none", "none");
	}

	@ParameterizedTest
	@MethodSource("dev.rpcboot.calls.FeedTests#pairs")
	void tellsAnExceptionOfTheContract(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "feed", how, Plan.of(2).soldOutAt(1))) {
			assertThat(catchThrowable(items::drain)).isNotNull();
		}

		assertObserved(how, "SoldOutException", "APPLICATION");
	}

	@ParameterizedTest
	@MethodSource("dev.rpcboot.calls.FeedTests#pairs")
	void tellsAFailure(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "feed", how, Plan.of(2).brokenAt(1))) {
			assertThat(catchThrowable(items::drain)).isNotNull();
		}

		assertObserved(how, "INTERNAL", "INTERNAL");
	}

	@ParameterizedTest
	@MethodSource("dev.rpcboot.calls.FeedTests#pairs")
	void tellsACancellation(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "feed", how, Plan.of(2).gatedAfter(1))) {
			items.next();
		}

		assertObserved(how, "CancellationException", "CANCELLED");
	}

	@ParameterizedTest
	@MethodSource("dev.rpcboot.calls.FeedTests#pairs")
	void tellsACutConnection(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "feed", how, Plan.of(2).gatedAfter(1))) {
			items.next();
			connections.cut(false);
			assertThat(catchThrowable(items::drain)).isNotNull();
		}

		assertObserved(how, "RpcConnectionException", "CANCELLED");
	}

	private static void assertObserved(Produced how, String inTheConsumer, String inTheProvider) {
		String method = "Feed/" + how.name().toLowerCase(Locale.ROOT) + " ";
		FeedTests.await(() -> !called.isEmpty() && !served.isEmpty());
		assertThat(called).containsExactly(method + inTheConsumer);
		assertThat(served).containsExactly(method + inTheProvider);
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ FeedProvider.class, Ended.class })
	static class ObservedProvider {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ FeedConsumer.class, Ended.class })
	static class ObservedConsumer {

	}

	/** Our observations that have ended, each with what went wrong. */
	static class Ended implements ObservationHandler<Observation.Context> {

		private final List<String> observations = new CopyOnWriteArrayList<>();

		@Override
		public void onStop(Observation.Context context) {
			KeyValue method = context.getLowCardinalityKeyValue("rpc.method");
			// of the notifications by which streams are cancelled we are not asked
			if (method != null && method.getValue().startsWith("Feed/")) {
				this.observations
					.add(method.getValue() + " " + context.getLowCardinalityKeyValue("error.type").getValue());
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
