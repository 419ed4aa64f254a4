package dev.rpcboot.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.rpcboot.Execution;
import dev.rpcboot.InstanceOutcome;
import dev.rpcboot.RpcBroadcastException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.calls.Depot.MissingException;
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.RpcBroadcast;
import dev.rpcboot.client.RpcClient;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Calls of all instances at once, whatever web stack they run on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class BroadcastCallTests {

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private final List<ConfigurableApplicationContext> providers = new ArrayList<>();

	private ConfigurableApplicationContext consuming;

	private DepotConsumer consumer;

	private Registry registry;

	private String broken;

	private String dead;

	BroadcastCallTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeAll
	void start() throws IOException {
		for (String name : List.of("north", "south", "west")) {
			this.providers.add(this.applications.provider(this.stack, DepotProvider.class, "depot.name=" + name));
		}
		this.broken = Applications
			.url(this.applications.provider(this.stack, DepotProvider.class, "depot.broken=true"));
		this.dead = refusing();
		this.consuming = this.applications.consumer(Consumer.class,
				"rpc.client.targets.fixed.url=" + Applications.url(this.providers.get(0)));
		this.consumer = this.consuming.getBean(DepotConsumer.class);
		this.registry = this.consuming.getBean(Registry.class);
	}

	@AfterAll
	void stop() {
		this.providers.forEach((provider) -> provider.getBean(DepotProvider.class).released.countDown());
		this.applications.close();
	}

	@BeforeEach
	void forget() {
		this.consumer.calls.clear();
		this.consumer.attempts.clear();
		this.registry.failure = null;
		this.registry.known.clear();
		this.consuming.getBean(CircuitBreakerRegistry.class).getAllCircuitBreakers().forEach(CircuitBreaker::reset);
	}

	@Test
	void asksEveryInstanceOnce() {
		register(url(0), url(1), url(2));

		List<InstanceOutcome<String>> outcomes = broadcast().call(Depot::name);

		assertThat(outcomes).extracting(InstanceOutcome::get).containsExactlyInAnyOrder("north", "south", "west");
		assertThat(outcomes).extracting(InstanceOutcome::address)
			.containsExactlyInAnyOrder(URI.create(url(0) + "/rpc"), URI.create(url(1) + "/rpc"),
					URI.create(url(2) + "/rpc"));
		assertThat(outcomes).extracting(InstanceOutcome::id).doesNotHaveDuplicates();
		assertThat(outcomes).allSatisfy((outcome) -> assertThat(outcome.time()).isPositive());
		assertThat(this.consumer.calls).containsExactly("Depot/name[]");
		assertThat(this.consumer.attempts).hasSize(3).doesNotHaveDuplicates();
	}

	@Test
	void asksEveryInstanceForAsynchronousCallers() {
		register(url(0), url(1), url(2));

		CompletableFuture<List<InstanceOutcome<String>>> outcomes = broadcast().callAsync(Depot::name);

		assertThat(outcomes).succeedsWithin(Duration.ofSeconds(10))
			.satisfies((all) -> assertThat(all).extracting(InstanceOutcome::get)
				.containsExactlyInAnyOrder("north", "south", "west"));
	}

	@Test
	void asksInstancesConcurrently() {
		register(url(0), url(1), url(2));
		int before = entered();

		CompletableFuture<List<InstanceOutcome<String>>> hanging = patient().callAsync(Depot::hang);

		await().atMost(Duration.ofSeconds(10)).until(() -> entered() == before + 3);
		hanging.cancel(true);
		await().atMost(Duration.ofSeconds(10)).until(() -> Pools.leased(this.consuming) == 0);
	}

	@Test
	void handsResultsOverInTheMethodsOwnWay() {
		register(url(0));

		assertThat(broadcast().call((depot) -> depot.later("a")).get(0).get()).isCompletedWithValue("later a");
		assertThat(broadcast().call((depot) -> depot.reactive("a")).get(0).get().block()).isEqualTo("reactive a");
		assertThat(broadcast().run((depot) -> depot.touch("a")).get(0).isSuccess()).isTrue();
		assertThat(broadcast().runAsync((depot) -> depot.touch("a"))).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void hasOneInstanceWhereTheAddressIsFixed() {
		assertThat(this.consumer.client.broadcast(Depot.class, "fixed").call(Depot::name))
			.extracting(InstanceOutcome::get)
			.containsExactly("north");
	}

	@Test
	void meetsAQuorumAlthoughAnInstanceIsDead() {
		register(url(0), this.dead, url(1));

		List<InstanceOutcome<String>> outcomes = broadcast().policy(BroadcastPolicy.QUORUM).call(Depot::name);

		assertThat(outcomes).hasSize(3).filteredOn(InstanceOutcome::isSuccess).hasSize(2);
		assertThat(outcomes).filteredOn((outcome) -> !outcome.isSuccess()).singleElement().satisfies((outcome) -> {
			assertThat(outcome.address()).isEqualTo(URI.create(this.dead + "/rpc"));
			assertThat(outcome.value()).isNull();
			assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(outcome::get)
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.CONNECT_FAILED));
		});
		assertThat(this.consumer.attempts).as("nobody is asked twice").hasSize(3);
	}

	@Test
	void tellsWhatBecameOfEachWhenNotAllHaveSucceeded() {
		register(url(0), this.broken, this.dead);

		assertThatExceptionOfType(RpcBroadcastException.class).isThrownBy(() -> broadcast().call(Depot::name))
			.withMessage("Depot/name on depot succeeded at 1 of 3 instances; the policy ALL needs 3")
			.satisfies((ex) -> {
				assertThat(ex.execution()).isEqualTo(Execution.EXECUTED);
				assertThat(ex.getCause()).isNotNull();
				assertThat(ex.outcomes()).hasSize(3);
				assertThat(ex.outcomes()).extracting((outcome) -> (Object) outcome.value()).contains("north");
				assertThat(ex.outcomes()).extracting(InstanceOutcome::failure)
					.hasAtLeastOneElementOfType(RpcRemoteException.class)
					.hasAtLeastOneElementOfType(RpcUnavailableException.class);
			});
	}

	@Test
	void missesAQuorumOfTwoInFour() {
		register(url(0), url(1), this.dead, this.broken);

		assertThatExceptionOfType(RpcBroadcastException.class)
			.isThrownBy(() -> broadcast().policy(BroadcastPolicy.QUORUM).call(Depot::name))
			.withMessageContaining("the policy QUORUM needs 3");
	}

	@Test
	void carriesExceptionsOfTheContract() {
		register(url(0));

		assertThatExceptionOfType(RpcBroadcastException.class)
			.isThrownBy(() -> broadcast().call((depot) -> depot.find("missing-1")))
			.satisfies((ex) -> assertThatExceptionOfType(MissingException.class)
				.isThrownBy(() -> ex.outcomes().get(0).get(MissingException.class)));
	}

	@Test
	void countsWhatHasAnsweredAtTheDeadline() {
		register(url(0), url(1));
		release(0);
		RpcBroadcast<Depot> impatient = broadcast().timeout(Duration.ofMillis(500));

		List<InstanceOutcome<String>> any = impatient.policy(BroadcastPolicy.ANY).call(Depot::hang);

		assertThat(any).filteredOn(InstanceOutcome::isSuccess)
			.extracting(InstanceOutcome::get)
			.containsExactly("north");
		assertThat(any).filteredOn((outcome) -> !outcome.isSuccess())
			.singleElement()
			.satisfies(
					(outcome) -> assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(outcome::get)
						.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN)));
		assertThat(impatient.policy(BroadcastPolicy.ANY).callAsync(Depot::hang)).succeedsWithin(Duration.ofSeconds(10));
		assertThatExceptionOfType(RpcBroadcastException.class).isThrownBy(() -> impatient.call(Depot::hang))
			.satisfies((ex) -> assertThat(ex.outcomes()).extracting((outcome) -> (Object) outcome.value())
				.containsExactlyInAnyOrder("north", null));
		await().atMost(Duration.ofSeconds(10)).until(() -> Pools.leased(this.consuming) == 0);
	}

	@Test
	void cancelsTheOthersAtTheFirstSuccess() {
		register(url(1), this.broken, url(0), url(2));
		release(0);

		List<InstanceOutcome<String>> outcomes = patient().policy(BroadcastPolicy.FIRST_SUCCESS).call(Depot::hang);

		assertThat(outcomes).hasSize(4);
		assertThat(outcomes).filteredOn(InstanceOutcome::isSuccess)
			.extracting(InstanceOutcome::get)
			.containsExactly("north");
		assertThat(outcomes).extracting(InstanceOutcome::failure)
			.hasAtLeastOneElementOfType(CancellationException.class);
		await().atMost(Duration.ofSeconds(10)).until(() -> Pools.leased(this.consuming) == 0);
	}

	@ParameterizedTest
	@EnumSource
	void failsWhereThereIsNoInstanceWhateverThePolicy(BroadcastPolicy policy) {
		assertThatExceptionOfType(RpcUnavailableException.class)
			.isThrownBy(() -> broadcast().policy(policy).call(Depot::name))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NO_INSTANCE));
		assertThat(broadcast().policy(policy).callAsync(Depot::name)).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(RpcUnavailableException.class);
		assertThat(this.consumer.attempts).isEmpty();
	}

	@Test
	void saysWhyTheRegistryCouldNotBeAsked() {
		this.registry.failure = new IllegalStateException("registry down");

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> broadcast().call(Depot::name))
			.withCause(this.registry.failure)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NO_INSTANCE));
	}

	@Test
	void asksThoseThatAreKnownWhenItStarts() {
		register(url(0), url(1));
		release(0);
		int before = entered();
		CompletableFuture<List<InstanceOutcome<String>>> call = broadcast().policy(BroadcastPolicy.ANY)
			.timeout(Duration.ofSeconds(1))
			.callAsync(Depot::hang);
		await().atMost(Duration.ofSeconds(10)).until(() -> entered() == before + 2);

		register(url(2));

		assertThat(call).succeedsWithin(Duration.ofSeconds(10))
			.satisfies((outcomes) -> assertThat(outcomes).hasSize(2));
		assertThat(broadcast().call(Depot::name)).hasSize(3);
	}

	@Test
	void isOneCallToObservationAndCircuitBreaker() {
		register(url(0), this.dead);
		this.consumer.observed.clear();
		CircuitBreaker breaker = this.consuming.getBean(CircuitBreakerRegistry.class).circuitBreaker("depot");
		breaker.reset();

		broadcast().policy(BroadcastPolicy.ANY).call(Depot::name);
		assertThatExceptionOfType(RpcBroadcastException.class).isThrownBy(() -> broadcast().call(Depot::name));
		this.registry.known.remove(0);
		assertThatExceptionOfType(RpcBroadcastException.class).isThrownBy(() -> broadcast().call(Depot::name));

		assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).as("an instance was well").isEqualTo(2);
		assertThat(breaker.getMetrics().getNumberOfFailedCalls()).as("none was").isEqualTo(1);
		assertThat(this.consumer.observed).containsExactly("Depot/name none", "Depot/name RpcBroadcastException",
				"Depot/name RpcBroadcastException");
	}

	private RpcBroadcast<Depot> broadcast() {
		return this.consumer.client.broadcast(Depot.class, "depot");
	}

	/** With more time than these tests wait. */
	private RpcBroadcast<Depot> patient() {
		return broadcast().timeout(Duration.ofSeconds(30));
	}

	private void register(String... urls) {
		this.registry.known.addAll(List.of(urls));
	}

	private String url(int index) {
		return Applications.url(this.providers.get(index));
	}

	private void release(int index) {
		this.providers.get(index).getBean(DepotProvider.class).released.countDown();
	}

	private int entered() {
		return this.providers.stream()
			.mapToInt((provider) -> provider.getBean(DepotProvider.class).entered.get())
			.sum();
	}

	/** An address at which nobody listens. */
	private static String refusing() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return "http://127.0.0.1:" + socket.getLocalPort();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Consumer extends DepotConsumer {

		Consumer(RpcClient client) {
			super(client);
		}

		@Bean
		static Registry registry() {
			return new Registry();
		}

	}

	/** A registry whose entries come and go. */
	static class Registry implements DiscoveryClient {

		final List<String> known = new CopyOnWriteArrayList<>();

		volatile RuntimeException failure;

		@Override
		public String description() {
			return "test";
		}

		@Override
		public List<ServiceInstance> getInstances(String target) {
			if (this.failure != null) {
				throw this.failure;
			}
			return this.known.stream().map((url) -> instance(target, URI.create(url))).toList();
		}

		private static ServiceInstance instance(String target, URI url) {
			return new DefaultServiceInstance("id-" + url.getPort(), target, url.getHost(), url.getPort(), false);
		}

		@Override
		public List<String> getServices() {
			return List.of("depot");
		}

	}

}
