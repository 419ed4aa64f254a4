package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is believed of a registry, in simulated time.
 */
@Timeout(20)
class InstanceListTests {

	private final SimulatedTarget target = new SimulatedTarget();

	private final List<Boolean> asked = new CopyOnWriteArrayList<>();

	private volatile Mono<List<ServiceInstance>> registry = listing("a", "b");

	private final InstanceList list = new InstanceList("warehouse", (pastCache) -> {
		this.asked.add(pastCache);
		return this.registry;
	}, this.target.balancer, this.target.clock);

	@Test
	void takesOverWhatTheRegistryLists() throws Exception {
		ask();

		this.registry = listing("c");
		ask();

		assertThat(SimulatedTarget.id(this.target.pick())).isEqualTo("c");
	}

	@Test
	void keepsTheLastInstancesWhenTheRegistryThrows() throws Exception {
		ask();
		this.registry = Mono.error(new IllegalStateException("registry is down"));

		CompletableFuture<Void> failed = this.list.ask(false);

		assertThat(failed).failsWithin(Duration.ofSeconds(5));
		assertThat(this.target.balancer.isEmpty()).isFalse();
	}

	@Test
	void keepsTheLastInstancesForEverWhileCallsSucceedThoughTheRegistryListsNone() throws Exception {
		ask();
		this.registry = Mono.just(List.of());

		for (int i = 0; i < 100; i++) {
			this.target.clock.advance(Duration.ofSeconds(2));
			this.target.callOnce();
			ask();
		}

		assertThat(this.target.balancer.isEmpty()).isFalse();
	}

	@Test
	void believesAnEmptyListAfterAMinuteInWhichCallsFailed() throws Exception {
		this.target.outcomes.putAll(Map.of("a", Outcome.GONE, "b", Outcome.GONE));
		ask();
		this.registry = Mono.just(List.of());
		List<Boolean> empty = new ArrayList<>();

		for (int seconds : new int[] { 1, 58, 2 }) {
			this.target.clock.advance(Duration.ofSeconds(seconds));
			this.target.callOnce();
			ask();
			empty.add(this.target.balancer.isEmpty());
		}

		assertThat(empty).containsExactly(false, false, true);
	}

	@Test
	void keepsTheLastInstancesWhileNobodyCallsThem() throws Exception {
		ask();
		this.registry = Mono.just(List.of());
		ask();
		this.target.clock.advance(Duration.ofMinutes(10));

		ask();

		assertThat(this.target.balancer.isEmpty()).isFalse();
	}

	@Test
	void asksOnceForAllWhoAskAtATime() {
		this.registry = Mono.never();

		CompletableFuture<Void> one = this.list.ask(false);
		CompletableFuture<Void> other = this.list.ask(true);

		assertThat(other).isSameAs(one);
		assertThat(this.asked).containsExactly(false);
	}

	@Test
	void doesNotMakeACallWaitForARegistryThatHangs() throws Exception {
		ask();
		this.registry = Mono.fromCallable(() -> {
			TimeUnit.SECONDS.sleep(60);
			return List.of();
		});
		this.target.clock.advance(Duration.ofSeconds(2));

		this.list.freshen();

		assertThat(this.list.underWay()).isNotNull();
		assertThat(this.target.pick()).isNotNull();
	}

	@Test
	void readsTheListAgainOnlyWhenItIsOld() throws Exception {
		ask();

		this.list.freshen();
		this.target.clock.advance(Duration.ofMillis(1100));
		this.list.freshen();
		settle();
		this.list.freshen();

		assertThat(this.asked).containsExactly(false, false);
	}

	@Test
	void asksTheRegistryItselfWhenAnInstanceWasNotThereButOnceASecond() throws Exception {
		ask();
		this.list.suspect();
		settle();
		this.target.clock.advance(Duration.ofMillis(500));
		this.list.suspect();
		settle();

		this.target.clock.advance(Duration.ofMillis(600));
		this.list.freshen();
		settle();

		assertThat(this.asked).containsExactly(false, true, true);
	}

	@Test
	void asksTheRegistryItselfFromTimeToTimeWhileAnInstanceIsEjected() throws Exception {
		ask();
		this.target.outcomes.put("a", Outcome.FAILURE);
		this.target.callAt("a", 5);

		this.target.clock.advance(Duration.ofSeconds(6));
		this.list.freshen();
		settle();

		assertThat(this.asked).containsExactly(false, true);
	}

	private static Mono<List<ServiceInstance>> listing(String... ids) {
		List<ServiceInstance> instances = new ArrayList<>();
		for (String id : ids) {
			instances.add(SimulatedTarget.instance(id, Map.of()));
		}
		return Mono.just(instances);
	}

	private void ask() throws Exception {
		this.list.ask(false).get(5, TimeUnit.SECONDS);
	}

	private void settle() throws Exception {
		CompletableFuture<Void> underWay = this.list.underWay();
		if (underWay != null) {
			underWay.get(5, TimeUnit.SECONDS);
		}
	}

}
