package dev.rpcboot.faults.consumer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.Registry.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Timeout(30)
class StubDiscoveryTests {

	private final StubDiscovery discovery = new StubDiscovery();

	@Test
	void answersAsItIsTold() {
		Registry registry = new Registry(Mode.LISTS, Map.of("*", List.of(1, 2), "other", List.of(3)));

		this.discovery.set(registry);
		assertThat(this.discovery.getInstances("any")).extracting(ServiceInstance::getPort).containsExactly(1, 2);
		assertThat(this.discovery.getInstances("other")).extracting(ServiceInstance::getPort).containsExactly(3);

		this.discovery.set(registry.as(Mode.EMPTY));
		assertThat(this.discovery.getInstances("any")).isEmpty();

		this.discovery.set(registry.as(Mode.THROWS));
		assertThatIllegalStateException().isThrownBy(() -> this.discovery.getInstances("any"));

		this.discovery.set(registry.as(Mode.FLAPS));
		assertThat(List.of(this.discovery.getInstances("any").size(), this.discovery.getInstances("any").size()))
			.containsExactlyInAnyOrder(0, 2);
		assertThat(this.discovery.asked()).isEqualTo(6);
	}

	@Test
	void hangsUntilItIsToldOtherwise() throws Exception {
		this.discovery.set(Registry.of(List.of(1)).as(Mode.HANGS));

		CompletableFuture<List<ServiceInstance>> answer = CompletableFuture
			.supplyAsync(() -> this.discovery.getInstances("any"));

		while (this.discovery.asked() == 0) {
			Thread.onSpinWait();
		}
		assertThat(answer).isNotDone();
		this.discovery.set(Registry.of(List.of(1)));
		assertThat(answer).failsWithin(10, TimeUnit.SECONDS);
	}

}
