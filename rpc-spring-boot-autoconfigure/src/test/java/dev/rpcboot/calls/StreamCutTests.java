package dev.rpcboot.calls;

import java.io.IOException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams whose connection does not last as long as they do. None may look as if it were
 * at its end.
 */
class StreamCutTests extends FeedTests {

	private static ConfigurableApplicationContext cutConsumer;

	private static FeedProvider feeds;

	private static CuttableConnections connections;

	@BeforeParameterizedClassInvocation
	static void connect(WebApplicationType stack) throws IOException {
		// by its heartbeats alone it notices that a connection was cut
		ConfigurableApplicationContext providing = applications.provider(stack, FeedProvider.class,
				"rpc.server.stream.heartbeat=200ms", "spring.lifecycle.timeout-per-shutdown-phase=100ms");
		feeds = providing.getBean(FeedProvider.class);
		connections = CuttableConnections.to(Applications.url(providing));
		cutConsumer = applications.consumer(FeedConsumer.class, "rpc.client.timeout=20s",
				"rpc.client.targets.feed.url=" + connections.url());
	}

	@AfterParameterizedClassInvocation
	static void disconnect() throws IOException {
		feeds.openGate();
		connections.close();
	}

	@BeforeEach
	void forget() {
		feeds.reset();
		breaker().reset();
	}

	private static CircuitBreaker breaker() {
		return cutConsumer.getBean(CircuitBreakerRegistry.class).circuitBreaker("feed");
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void failsWhenItsConnectionEnds(Produced how, Taken way) throws Exception {
		assertFailsWhenCut(how, way, false);
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void failsWhenItsConnectionIsReset(Produced how, Taken way) throws Exception {
		assertFailsWhenCut(how, way, true);
	}

	private void assertFailsWhenCut(Produced how, Taken way, boolean reset) throws Exception {
		try (Taking items = cuttable(way, how, Plan.of(3).gatedAfter(1))) {
			items.next();

			connections.cut(reset);

			assertThat(failureOf(items)).isInstanceOfSatisfying(RpcConnectionException.class,
					(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
		}
		await(() -> feeds.open.get() == 0);
		await(() -> breaker().getMetrics().getNumberOfFailedCalls() == 1);
		assertThat(Pools.leased(cutConsumer)).isZero();
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void failsWhenItIsCutBetweenManyItems(Produced how, Taken way) throws Exception {
		try (Taking items = cuttable(way, how, Plan.of(MANY).sized(LARGE))) {
			items.next();

			connections.cut(false);

			assertThat(failureOf(items)).isInstanceOf(RpcConnectionException.class);
		}
		await(() -> feeds.open.get() == 0);
		assertThat(feeds.produced).hasValueLessThan(MANY / 4);
	}

	private Taking cuttable(Taken way, Produced how, Plan plan) throws Exception {
		return cutConsumer.getBean(FeedConsumer.class).take(way, "feed", how, plan);
	}

}
