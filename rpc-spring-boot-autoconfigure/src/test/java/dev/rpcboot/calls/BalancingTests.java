package dev.rpcboot.calls;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.calls.Warehouse.Order;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallSettingsResolver;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.Resilience.Balancing;
import dev.rpcboot.client.Resilience.Ejection;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.server.RpcService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Which instances calls come to when instances or their registry fail.
 */
@Timeout(60)
class BalancingTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private final Applications applications = new Applications();

	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void stop() {
		this.release.countDown();
		this.applications.close();
	}

	@Test
	void leavesOutAnInstanceThatFailsFastAndTakesItBackWhenItHasHealed() {
		ConfigurableApplicationContext well = provider(WarehouseProvider.class);
		ConfigurableApplicationContext broken = provider(Breakable.class);
		ConfigurableApplicationContext consumer = consumer(Impatient.class, well, broken);
		Warehouse warehouse = consumer.getBean(Impatient.class).warehouse;
		Breakable breakable = broken.getBean(Breakable.class);
		breakable.broken = true;

		int failures = 0;
		for (int i = 0; i < 300; i++) {
			failures += fails(warehouse) ? 1 : 0;
		}
		breakable.broken = false;
		int before = breakable.executions("count");

		// fewer than five where it looked slow before; a probe now and then beside them
		assertThat(failures).isBetween(1, 15);
		await().atMost(SOON).until(() -> {
			warehouse.count("a");
			return breakable.executions("count") > before + 5;
		});
	}

	private static boolean fails(Warehouse warehouse) {
		try {
			warehouse.count("a");
			return false;
		}
		catch (RpcRemoteException ex) {
			return true;
		}
	}

	@Test
	void keepsCallingWhatItKnowsWhenTheRegistryFails() {
		ConfigurableApplicationContext provider = provider(WarehouseProvider.class);
		ConfigurableApplicationContext consumer = consumer(Consumer.class, provider);
		Warehouse warehouse = consumer.getBean(Consumer.class).warehouse;
		Registry registry = consumer.getBean(Registry.class);
		warehouse.greet("Ada");

		registry.failure = new IllegalStateException("registry is down");

		callUntilAskedAgain(warehouse, registry);
	}

	@Test
	void keepsCallingWhatItKnowsWhenTheRegistryIsEmpty() {
		ConfigurableApplicationContext provider = provider(WarehouseProvider.class);
		ConfigurableApplicationContext consumer = consumer(Consumer.class, provider);
		Warehouse warehouse = consumer.getBean(Consumer.class).warehouse;
		Registry registry = consumer.getBean(Registry.class);
		warehouse.greet("Ada");

		registry.known.clear();

		callUntilAskedAgain(warehouse, registry);
	}

	@Test
	void doesNotWaitForARegistryThatHangs() {
		ConfigurableApplicationContext provider = provider(WarehouseProvider.class);
		ConfigurableApplicationContext consumer = consumer(Consumer.class, provider);
		Warehouse warehouse = consumer.getBean(Consumer.class).warehouse;
		Registry registry = consumer.getBean(Registry.class);
		warehouse.greet("Ada");

		registry.hanging = this.release;
		int before = registry.asked.get();
		await().atMost(SOON).until(() -> {
			assertThat(warehouse.greet("Ada")).isEqualTo("Hello Ada");
			return registry.asked.get() > before;
		});

		assertThat(warehouse.greet("Ada")).isEqualTo("Hello Ada");
	}

	private static void callUntilAskedAgain(Warehouse warehouse, Registry registry) {
		int before = registry.asked.get();
		await().atMost(SOON).until(() -> {
			assertThat(warehouse.greet("Ada")).isEqualTo("Hello Ada");
			return registry.asked.get() > before + 1;
		});
		assertThat(warehouse.greet("Ada")).isEqualTo("Hello Ada");
	}

	@Test
	void looksPastTheCacheForANewInstanceWhenTheOldOneIsGone() throws Exception {
		ConfigurableApplicationContext gone = provider(WarehouseProvider.class);
		ConfigurableApplicationContext consumer = consumer(Cached.class, gone);
		Warehouse warehouse = consumer.getBean(Cached.class).warehouse;
		Registry registry = consumer.getBean(Registry.class);
		warehouse.greet("Ada");
		registry.known.clear();
		registry.known.add(Applications.url(provider(WarehouseProvider.class)));
		gone.close();

		// of no fixed meaning if repeated, so that only a refused connection lets it be
		int reserved = warehouse.reserve("x1", new Order(1, "Ada"));

		assertThat(reserved).isEqualTo(1);
	}

	@Test
	void saysThatThereIsNoInstanceWhereTheRegistryNeverKnewOne() {
		ConfigurableApplicationContext consumer = consumer(Consumer.class);
		Warehouse warehouse = consumer.getBean(Consumer.class).warehouse;

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> warehouse.greet("Ada"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NO_INSTANCE));
	}

	@Test
	void bringsEqualArgumentsToTheSameInstance() {
		ConfigurableApplicationContext one = provider(WarehouseProvider.class);
		ConfigurableApplicationContext other = provider(WarehouseProvider.class);
		Warehouse warehouse = consumer(Hashing.class, one, other).getBean(Hashing.class).warehouse;

		for (int key = 0; key < 30; key++) {
			int before = one.getBean(WarehouseProvider.class).executions("count");
			for (int i = 0; i < 3; i++) {
				warehouse.count("key " + key);
			}
			assertThat(one.getBean(WarehouseProvider.class).executions("count") - before).isIn(0, 3);
		}

		assertThat(one.getBean(WarehouseProvider.class).executions("count")).isBetween(1, 89);
	}

	private ConfigurableApplicationContext provider(Class<?> type) {
		return this.applications.provider(WebApplicationType.SERVLET, type);
	}

	private ConfigurableApplicationContext consumer(Class<? extends Consumer> type,
			ConfigurableApplicationContext... providers) {
		ConfigurableApplicationContext consumer = this.applications.consumer(type,
				"spring.cloud.discovery.reactive.enabled=false",
				"spring.cloud.loadbalancer.cache.enabled=" + (type == Cached.class));
		for (ConfigurableApplicationContext provider : providers) {
			consumer.getBean(Registry.class).known.add(Applications.url(provider));
		}
		return consumer;
	}

	@RpcService
	@EnableAutoConfiguration
	static class Breakable extends WarehouseProvider {

		volatile boolean broken;

		@Override
		public int count(String key) {
			if (this.broken) {
				throw new IllegalStateException("broken");
			}
			return super.count(key);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("warehouse")
		Warehouse warehouse;

		@Bean
		Registry registry() {
			return new Registry();
		}

		static CallSettingsResolver settings(@Nullable String hashBy) {
			Ejection ejection = new Ejection(5, Duration.ofMillis(300), Duration.ofSeconds(2), 50);
			Resilience defaults = Resilience.DEFAULTS;
			Resilience resilience = new Resilience(defaults.retryBudget(), null, null,
					new Balancing(true, Duration.ofSeconds(1), ejection, hashBy), null);
			RpcTransport.Settings transport = new RpcTransport.Settings(Duration.ofSeconds(1), 64,
					Duration.ofSeconds(10), DataSize.ofMegabytes(16), null);
			return (target, method) -> new CallSettings(Duration.ofSeconds(5), 1, null, null, null, "/rpc", transport,
					Duration.ofSeconds(30), CallSettings.Compression.NONE, false, resilience);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Cached extends Consumer {

	}

	@Configuration(proxyBeanMethods = false)
	static class Impatient extends Consumer {

		@Bean
		static CallSettingsResolver settings() {
			return settings(null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Hashing extends Consumer {

		@Bean
		static CallSettingsResolver settings() {
			return settings("key");
		}

	}

	static class Registry implements DiscoveryClient {

		final List<String> known = new CopyOnWriteArrayList<>();

		final AtomicInteger asked = new AtomicInteger();

		volatile @Nullable RuntimeException failure;

		volatile @Nullable CountDownLatch hanging;

		@Override
		public String description() {
			return "test";
		}

		@Override
		public List<ServiceInstance> getInstances(String target) {
			this.asked.incrementAndGet();
			CountDownLatch latch = this.hanging;
			if (latch != null) {
				await(latch);
			}
			if (this.failure != null) {
				throw this.failure;
			}
			return this.known.stream().map((url) -> instance(target, URI.create(url))).toList();
		}

		private static void await(CountDownLatch latch) {
			try {
				latch.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private static ServiceInstance instance(String target, URI url) {
			return new DefaultServiceInstance("id-" + url.getPort(), target, url.getHost(), url.getPort(), false);
		}

		@Override
		public List<String> getServices() {
			return List.of("warehouse");
		}

	}

}
