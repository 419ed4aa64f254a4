package dev.rpcboot.calls;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Exceptions;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A provider and a consumer of feeds, for each web stack of the provider.
 */
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
@Timeout(60)
abstract class FeedTests {

	/**
	 * Larger than all buffers on the way together, as feeds of the size that is with it.
	 */
	static final int MANY = 50_000;

	static final int LARGE = 2_000;

	static final Duration SOON = Duration.ofSeconds(20);

	static Applications applications;

	static FeedProvider provider;

	static ConfigurableApplicationContext consuming;

	static FeedConsumer consumer;

	@Parameter
	WebApplicationType stack;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType stack) {
		applications = new Applications();
		// heartbeats would tell the provider of readers that have left, much later
		ConfigurableApplicationContext providing = applications.provider(stack, FeedProvider.class,
				"rpc.server.stream.heartbeat=1m", "spring.lifecycle.timeout-per-shutdown-phase=100ms");
		provider = providing.getBean(FeedProvider.class);
		String url = Applications.url(providing);
		consuming = applications.consumer(FeedConsumer.class, "rpc.client.timeout=20s",
				"rpc.client.targets.feed.url=" + url, "rpc.client.targets.hasty.url=" + url,
				"rpc.client.targets.hasty.timeout=300ms", "rpc.client.targets.impatient.url=" + url,
				"rpc.client.targets.impatient.stream.idle-timeout=700ms");
		consumer = consuming.getBean(FeedConsumer.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		provider.openGate();
		applications.close();
	}

	@BeforeEach
	void reset() {
		provider.openGate();
		await(() -> provider.open.get() == 0);
		provider.reset();
		consuming.getBean(CircuitBreakerRegistry.class).getAllCircuitBreakers().forEach(CircuitBreaker::reset);
	}

	/** Every way to produce a stream with every way to take one. */
	static Stream<Arguments> pairs() {
		return Stream.of(Produced.FLUX, Produced.STREAM, Produced.ITERATOR)
			.flatMap((how) -> Stream.of(Taken.FLUX, Taken.STREAM, Taken.ITERATOR).map((way) -> Arguments.of(how, way)));
	}

	static Taking take(Taken way, Produced how, Plan plan) throws Exception {
		return consumer.take(way, "feed", how, plan);
	}

	/** What a feed fails with, at the call or while it is taken. */
	static Throwable failureOf(Taken way, String target, Produced how, Plan plan) {
		try (Taking items = consumer.take(way, target, how, plan)) {
			items.drain();
			return null;
		}
		catch (Throwable ex) {
			return Exceptions.unwrap(ex);
		}
	}

	/** What the rest of a feed fails with. */
	static Throwable failureOf(Taking items) {
		try {
			items.drain();
			return null;
		}
		catch (Throwable ex) {
			return Exceptions.unwrap(ex);
		}
	}

	/** How many items there are when no more of them come. */
	static int whenSteady() {
		int before = -1;
		for (int now = provider.produced.get(); now != before; now = provider.produced.get()) {
			before = now;
			LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
		}
		return before;
	}

	static void await(Callable<Boolean> condition) {
		org.awaitility.Awaitility.await()
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(10))
			.until(condition);
	}

}
