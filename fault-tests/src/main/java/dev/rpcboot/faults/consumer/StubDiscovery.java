package dev.rpcboot.faults.consumer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.faults.consumer.Registry.Mode;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * A registry that answers as it is told.
 */
final class StubDiscovery implements DiscoveryClient {

	// as long as clients of registries wait for an answer, and more
	private static final long HANGING_SECONDS = 60;

	private final AtomicLong asked = new AtomicLong();

	private volatile Registry registry = new Registry(Mode.LISTS, Map.of());

	private volatile CountDownLatch changed = new CountDownLatch(1);

	void set(Registry registry) {
		this.registry = registry;
		this.changed.countDown();
		this.changed = new CountDownLatch(1);
	}

	/** How often it was asked. */
	long asked() {
		return this.asked.get();
	}

	@Override
	public List<ServiceInstance> getInstances(String target) {
		long question = this.asked.incrementAndGet();
		Registry registry = this.registry;
		return switch (registry.mode()) {
			case LISTS -> instances(registry, target);
			case THROWS -> throw new IllegalStateException("The registry is down");
			case EMPTY -> List.of();
			case FLAPS -> (question % 2 == 0) ? instances(registry, target) : List.of();
			case HANGS -> {
				hang();
				throw new IllegalStateException("The registry did not answer");
			}
		};
	}

	private static List<ServiceInstance> instances(Registry registry, String target) {
		return registry.ports(target)
			.stream()
			.<ServiceInstance>map(
					(port) -> new DefaultServiceInstance("127.0.0.1:" + port, target, "127.0.0.1", port, false))
			.toList();
	}

	private void hang() {
		try {
			if (this.changed.await(HANGING_SECONDS, TimeUnit.SECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public List<String> getServices() {
		return List.copyOf(this.registry.ports().keySet());
	}

	@Override
	public String description() {
		return "Answers as it is told";
	}

}
