package dev.rpcboot.calls;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.List;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.client.CallExecutor;
import dev.rpcboot.client.RpcClient;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What belongs to the caller, in what hangs on the results of its calls.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class AsyncContextTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final Seen NOTHING = new Seen(null, null, null, null, Set.of());

	private final Applications applications = new Applications();

	private ConfigurableApplicationContext consumer;

	private Kiosk.Later later;

	private Kiosk.Reactive reactive;

	@BeforeAll
	void start() {
		// as an application does that wants its logging context along
		ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
		ConfigurableApplicationContext provider = this.applications.provider(WebApplicationType.REACTIVE,
				KioskProviders.Reactive.class);
		this.consumer = this.applications.consumer(Consumer.class, "rpc.client.timeout=20s",
				"rpc.client.targets.kiosk.url=" + Applications.url(provider));
		RpcClient client = this.consumer.getBean(RpcClient.class);
		this.later = client.reference(Kiosk.Later.class, "kiosk");
		this.reactive = client.reference(Kiosk.Reactive.class, "kiosk");
	}

	@AfterAll
	void stop() {
		ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
		this.applications.close();
	}

	@Test
	void isThereInWhatHangsOnAFuture() throws Exception {
		List<CompletableFuture<Seen>> seen = new ArrayList<>();

		Seen caller = asCaller(() -> {
			// has no result before the next call
			CompletableFuture<Integer> call = this.later.meet(2);
			seen.add(call.thenApply((result) -> Seen.now()));
			seen.add(call.handle((result, failure) -> Seen.now()));
		});
		assertThat(this.later.meet(2)).succeedsWithin(SOON);

		assertThat(seen).allSatisfy((one) -> assertThat(one).succeedsWithin(SOON).isEqualTo(caller));
		assertThat(onThePool()).containsOnly(NOTHING);
	}

	@Test
	void isThereInWhatHangsOnAFutureThatFails() throws Exception {
		List<CompletableFuture<Seen>> seen = new ArrayList<>();

		Seen caller = asCaller(() -> seen.add(this.later.fail().handle((result, failure) -> Seen.now())));

		assertThat(seen.get(0)).succeedsWithin(SOON).isEqualTo(caller);
		assertThat(onThePool()).containsOnly(NOTHING);
	}

	@Test
	void isThereInTheOperatorsOfAMono() throws Exception {
		List<CompletableFuture<Seen>> seen = new ArrayList<>();

		Seen caller = asCaller(() -> seen.add(this.reactive.meet(2).map((result) -> Seen.now()).toFuture()));
		assertThat(this.later.meet(2)).succeedsWithin(SOON);

		assertThat(seen.get(0)).succeedsWithin(SOON).isEqualTo(caller);
		assertThat(onThePool()).containsOnly(NOTHING);
	}

	@Test
	void isThereInTheOperatorsOfAFlux() throws Exception {
		List<CompletableFuture<List<Seen>>> seen = new ArrayList<>();

		Seen caller = asCaller(
				() -> seen.add(this.reactive.titles(50).map((title) -> Seen.now()).collectList().toFuture()));

		assertThat(seen.get(0)).succeedsWithin(SOON)
			.satisfies((all) -> assertThat(all).hasSize(50).containsOnly(caller));
		assertThat(onThePool()).containsOnly(NOTHING);
	}

	@Test
	void comesFromTheReactorContextOfASubscriberToo() throws Exception {
		Map<String, String> logging = Map.of("order", "43");

		Seen mono = this.reactive.meet(1)
			.map((result) -> Seen.now())
			.contextWrite((context) -> context.put(Slf4jThreadLocalAccessor.KEY, logging))
			.block(SOON);
		Seen flux = this.reactive.titles(1)
			.map((result) -> Seen.now())
			.contextWrite((context) -> context.put(Slf4jThreadLocalAccessor.KEY, logging))
			.blockLast(SOON);

		assertThat(mono.order()).isEqualTo("43");
		assertThat(flux.order()).isEqualTo("43");
		assertThat(Seen.now()).isEqualTo(NOTHING);
		assertThat(onThePool()).containsOnly(NOTHING);
	}

	@Test
	void isNotOfferedToTheCallsOfOthers() {
		List<CompletableFuture<Seen>> seen = new ArrayList<>();

		asCaller(() -> assertThat(this.later.titles(1)).succeedsWithin(SOON));
		CompletableFuture<Integer> call = this.later.meet(2);
		seen.add(call.thenApply((result) -> Seen.now()));
		asCaller(() -> assertThat(this.later.meet(2)).succeedsWithin(SOON));

		assertThat(seen.get(0)).succeedsWithin(SOON).isEqualTo(NOTHING);
	}

	/**
	 * Does something with all that can belong to a caller.
	 * @return what that was
	 */
	private Seen asCaller(Runnable action) {
		Observation observation = Observation.start("caller", this.consumer.getBean(ObservationRegistry.class));
		MDC.put("order", "42");
		SecurityContextHolder.setContext(new SecurityContextImpl(new TestingAuthenticationToken("ada", "")));
		InboundCall.set(new InboundCall(Deadline.after(SOON, NanoClock.SYSTEM)));
		try (Observation.Scope scope = observation.openScope()) {
			return RpcMetadata.of("tenant", "acme").call(() -> {
				action.run();
				Seen here = Seen.now();
				assertThat(here.order()).isNotNull();
				assertThat(here.user()).isNotNull();
				assertThat(here.observation()).isSameAs(observation);
				assertThat(here.inbound()).isNotNull();
				// of the action alone
				return new Seen(here.order(), here.user(), here.observation(), here.inbound(), Set.of());
			});
		}
		finally {
			observation.stop();
			MDC.clear();
			SecurityContextHolder.clearContext();
			InboundCall.set(null);
		}
	}

	/** What all the threads of the pool see that are there, and perhaps some more. */
	private Set<Seen> onThePool() throws InterruptedException {
		int threads = 1 + (int) Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("rpc-client-\\d+"))
			.count();
		Executor pool = this.consumer.getBean(CallExecutor.class).executor();
		CountDownLatch all = new CountDownLatch(threads);
		List<CompletableFuture<Seen>> seen = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			seen.add(CompletableFuture.supplyAsync(() -> {
				all.countDown();
				try {
					all.await(10, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				return Seen.now();
			}, pool));
		}
		assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
		Set<Seen> distinct = new HashSet<>();
		seen.forEach((one) -> distinct.add(one.join()));
		return distinct;
	}

	private record Seen(String order, Authentication user, Observation observation, InboundCall inbound,
			Set<String> metadata) {

		static Seen now() {
			return new Seen(MDC.get("order"), SecurityContextHolder.getContext().getAuthentication(),
					ObservationRegistry.create().getCurrentObservation(), InboundCall.current(),
					Set.copyOf(RpcMetadata.outbound().names()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

	}

}
