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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams whose connection does not last as long as they do. None may look as if it were
 * at its end.
 */
class StreamCutTests extends FeedTests {

	private final Applications own = new Applications();

	private ConfigurableApplicationContext cutProvider;

	private FeedProvider feeds;

	private CuttableConnections connections;

	private ConfigurableApplicationContext cutConsumer;

	@BeforeEach
	void connect() throws IOException {
		this.cutProvider = this.own.provider(this.stack, FeedProvider.class, "rpc.server.stream.heartbeat=200ms",
				"spring.lifecycle.timeout-per-shutdown-phase=100ms");
		this.feeds = this.cutProvider.getBean(FeedProvider.class);
		this.connections = CuttableConnections.to(Applications.url(this.cutProvider));
		this.cutConsumer = this.own.consumer(FeedConsumer.class, "rpc.client.timeout=20s",
				"rpc.client.targets.feed.url=" + this.connections.url());
	}

	@AfterEach
	void disconnect() throws IOException {
		this.feeds.openGate();
		this.connections.close();
		this.own.close();
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
		CircuitBreaker breaker = this.cutConsumer.getBean(CircuitBreakerRegistry.class).circuitBreaker("feed");
		try (Taking items = cuttable(way, how, Plan.of(3).gatedAfter(1))) {
			items.next();

			this.connections.cut(reset);

			assertThat(failureOf(items)).isInstanceOfSatisfying(RpcConnectionException.class,
					(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
		}
		await(() -> this.feeds.open.get() == 0);
		await(() -> breaker.getMetrics().getNumberOfFailedCalls() == 1);
		assertThat(Pools.leased(this.cutConsumer)).isZero();
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void failsWhenItIsCutBetweenManyItems(Produced how, Taken way) throws Exception {
		try (Taking items = cuttable(way, how, Plan.of(MANY).sized(LARGE))) {
			items.next();

			this.connections.cut(false);

			assertThat(failureOf(items)).isInstanceOf(RpcConnectionException.class);
		}
		await(() -> this.feeds.open.get() == 0);
		assertThat(this.feeds.produced).hasValueLessThan(MANY / 4);
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void failsWhenTheProviderStops(Produced how) throws Exception {
		try (Taking items = cuttable(Taken.FLUX, how, Plan.of(3).gatedAfter(1))) {
			items.next();

			this.cutProvider.close();

			assertThat(failureOf(items)).isInstanceOf(RpcConnectionException.class);
		}
		await(() -> this.feeds.open.get() == 0);
	}

	private Taking cuttable(Taken way, Produced how, Plan plan) throws Exception {
		return this.cutConsumer.getBean(FeedConsumer.class).take(way, "feed", how, plan);
	}

}
