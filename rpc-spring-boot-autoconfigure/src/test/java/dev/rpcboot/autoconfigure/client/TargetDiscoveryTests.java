package dev.rpcboot.autoconfigure.client;

import java.util.List;

import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the start of an application whose targets may be nowhere.
 */
class TargetDiscoveryTests {

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcReferencesAutoConfiguration.class))
		.withUserConfiguration(OfflineClient.class, Consumer.class);

	private final ApplicationContextRunner cloud = this.plain
		.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, CommonsClientAutoConfiguration.class,
				ReactiveCommonsClientAutoConfiguration.class, SimpleDiscoveryClientAutoConfiguration.class,
				SimpleReactiveDiscoveryClientAutoConfiguration.class, CompositeDiscoveryClientAutoConfiguration.class,
				LoadBalancerAutoConfiguration.class));

	private static final ContextConsumer<AssertableApplicationContext> REFUSED = (context) -> assertThat(context)
		.getFailure()
		.hasMessageContainingAll("warehouse", StockService.class.getName(), "Set rpc.client.targets.warehouse.url");

	private static final ContextConsumer<AssertableApplicationContext> STARTED = (context) -> assertThat(context)
		.hasNotFailed();

	@Test
	void targetWithUrlNeedsNoDiscovery() {
		this.plain.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1")
			.withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
			.run(STARTED);
	}

	@Test
	void targetWithoutUrlIsRefusedWhereSpringCloudIsAbsent() {
		this.plain.withClassLoader(new FilteredClassLoader("org.springframework.cloud")).run(REFUSED);
	}

	@Test
	void targetWithoutUrlIsRefusedWhereTheLoadBalancerIsAbsent() {
		this.plain.withClassLoader(new FilteredClassLoader("org.springframework.cloud.loadbalancer"))
			.withBean("registry", DiscoveryClient.class, EmptyRegistry::new)
			.run(REFUSED);
	}

	@Test
	void targetWithoutUrlIsRefusedWhereTheLoadBalancerIsSwitchedOff() {
		this.cloud.withPropertyValues("spring.cloud.loadbalancer.enabled=false")
			.withBean("registry", DiscoveryClient.class, EmptyRegistry::new)
			.run(REFUSED);
	}

	@Test
	void targetThatPropertiesDoNotListIsRefused() {
		this.cloud.withPropertyValues("spring.cloud.discovery.client.simple.instances.shop[0].uri=http://localhost:1")
			.run(REFUSED);
	}

	@Test
	void targetThatPropertiesListIsAccepted() {
		this.cloud
			.withPropertyValues("spring.cloud.discovery.client.simple.instances.warehouse[0].uri=http://localhost:1")
			.run(STARTED);
	}

	@Test
	void targetMayAppearInARegistryLater() {
		this.cloud.withBean("registry", DiscoveryClient.class, EmptyRegistry::new).run(STARTED);
	}

	@Test
	void targetMayAppearInAReactiveRegistryLater() {
		this.cloud.withBean("registry", ReactiveDiscoveryClient.class, EmptyReactiveRegistry::new)
			.withPropertyValues("spring.cloud.discovery.blocking.enabled=false")
			.run(STARTED);
	}

	@Test
	void targetMayHaveAConfigurationOfItsOwnInTheLoadBalancer() {
		this.cloud.withUserConfiguration(OwnInstances.class).run(STARTED);
	}

	@Test
	void methodThatTheContractDoesNotHaveIsRefused() {
		this.plain
			.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1",
					"rpc.client.targets.warehouse.methods.Stock.fnid.timeout=1s")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContainingAll("rpc.client.targets.warehouse.methods.Stock.fnid", "find, reserve"));
	}

	@Test
	void methodsOfAServiceThatIsNotCalledHereAreLeftAlone() {
		this.plain
			.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1",
					"rpc.client.targets.warehouse.methods.Prices.list.timeout=1s",
					"rpc.client.targets.shop.methods.Stock.any.timeout=1s")
			.run(STARTED);
	}

	@Test
	void sslBundleThatDoesNotExistIsRefused() {
		this.plain.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withPropertyValues("rpc.client.targets.warehouse.url=https://localhost:1",
					"rpc.client.targets.warehouse.ssl.bundle=internal")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContainingAll("rpc.client.targets.warehouse.ssl.bundle", "spring.ssl.bundle.pem.internal"));
	}

	@Test
	void settingsOfALazyReferenceAreCheckedAtStart() {
		this.plain
			.withPropertyValues("rpc.client.targets.warehouse.url=http://localhost:1",
					"rpc.client.targets.warehouse.cache.ttl=1s")
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("cache.scope"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Consumer {

		// a provider, so that nothing but the check at start asks for the reference
		@RpcReference("warehouse")
		ObjectProvider<StockService> stock;

	}

	@Configuration(proxyBeanMethods = false)
	@LoadBalancerClient(name = "warehouse", configuration = Object.class)
	static class OwnInstances {

	}

	static class EmptyRegistry implements DiscoveryClient {

		@Override
		public String description() {
			return "empty";
		}

		@Override
		public List<ServiceInstance> getInstances(String serviceId) {
			return List.of();
		}

		@Override
		public List<String> getServices() {
			return List.of();
		}

	}

	static class EmptyReactiveRegistry implements ReactiveDiscoveryClient {

		@Override
		public String description() {
			return "empty";
		}

		@Override
		public Flux<ServiceInstance> getInstances(String serviceId) {
			return Flux.empty();
		}

		@Override
		public Flux<String> getServices() {
			return Flux.empty();
		}

	}

}
