package dev.rpcboot.client.balance;

import java.io.IOException;
import java.util.List;

import dev.rpcboot.autoconfigure.client.RpcClientAutoConfiguration;
import dev.rpcboot.autoconfigure.client.RpcReferencesAutoConfiguration;
import dev.rpcboot.autoconfigure.client.RpcTransportAutoConfiguration;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.Resilience.Balancing;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.config.BlockingLoadBalancerClientAutoConfiguration;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.core.RandomLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who chooses instances for whom.
 */
class BalancedTargetsTests {

	private static final Balancing OURS = Resilience.DEFAULTS.balancing();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcTransportAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcReferencesAutoConfiguration.class, UtilAutoConfiguration.class,
				SimpleDiscoveryClientAutoConfiguration.class, CompositeDiscoveryClientAutoConfiguration.class,
				LoadBalancerAutoConfiguration.class, BlockingLoadBalancerClientAutoConfiguration.class))
		.withPropertyValues("spring.cloud.discovery.client.simple.instances.warehouse[0].uri=http://127.0.0.1:1",
				"spring.cloud.discovery.client.simple.instances.warehouse[1].uri=http://127.0.0.1:2");

	private final ApplicationContextRunner forAll = this.runner
		.withPropertyValues("rpc.client.load-balancing.all-clients=true");

	@Test
	void choosesForOurCallsAndForNoOthers() {
		this.runner.run((context) -> {
			assertThat(target(context, "warehouse", OURS)).isInstanceOf(BalancedTarget.class);
			assertThat(springCloud(context, "warehouse")).isInstanceOf(RoundRobinLoadBalancer.class);
		});
	}

	@Test
	void choosesForOtherClientsWhereThatIsAskedFor() {
		this.forAll.run((context) -> {
			assertThat(target(context, "warehouse", OURS)).isInstanceOf(BalancedTarget.class);
			assertThat(springCloud(context, "warehouse")).isInstanceOf(BalancingLoadBalancer.class);
			assertThat(context.getBean(LoadBalancerClient.class).choose("warehouse").getPort()).isBetween(1, 2);
		});
	}

	@Test
	void leavesTheChoiceToSpringCloudWhereOursIsSwitchedOff() {
		Balancing off = new Balancing(false, OURS.warmUp(), OURS.ejection(), null);

		this.runner
			.run((context) -> assertThat(target(context, "warehouse", off)).isInstanceOf(SpringCloudTarget.class));
	}

	@Test
	void givesWayToALoadBalancerThatTheApplicationHasForTheTarget() {
		for (ApplicationContextRunner any : List.of(this.runner, this.forAll)) {
			any.withUserConfiguration(ForWarehouse.class).run((context) -> {
				assertThat(target(context, "warehouse", OURS)).isInstanceOf(SpringCloudTarget.class);
				assertThat(target(context, "other", OURS)).isInstanceOf(BalancedTarget.class);
				assertThat(springCloud(context, "warehouse")).isInstanceOf(RandomLoadBalancer.class);
			});
		}
	}

	@Test
	void givesWayToALoadBalancerThatTheApplicationHasForAllTargets() {
		for (ApplicationContextRunner any : List.of(this.runner, this.forAll)) {
			any.withUserConfiguration(ForEverything.class).run((context) -> {
				assertThat(target(context, "warehouse", OURS)).isInstanceOf(SpringCloudTarget.class);
				assertThat(springCloud(context, "warehouse")).isInstanceOf(RandomLoadBalancer.class);
			});
		}
	}

	@Test
	void givesWayToAnApplicationThatWantsTheDefault() {
		this.runner.withUserConfiguration(RoundRobinForWarehouse.class)
			.run((context) -> assertThat(target(context, "warehouse", OURS)).isInstanceOf(SpringCloudTarget.class));
	}

	@Test
	void learnsFromTheCallsOfOtherClients() {
		this.forAll.run((context) -> {
			LoadBalancerClient client = context.getBean(LoadBalancerClient.class);
			Balancer balancer = context.getBean(BalancedTargets.class).balanced("warehouse").balancer();
			ServiceInstance bad = client.choose("warehouse");
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(IOException.class)
					.isThrownBy(() -> client.execute("warehouse", bad, (instance) -> {
						assertThat(balancer.member(bad).load().outstanding()).isEqualTo(1);
						throw new IOException("broken");
					}));
			}

			List<Integer> chosen = Flux.range(0, 50)
				.map((i) -> client.choose("warehouse").getPort())
				.collectList()
				.block();

			assertThat(chosen).doesNotContain(bad.getPort());
			assertThat(balancer.member(bad).load().outstanding()).isZero();
		});
	}

	@Test
	void forgetsCallsOfOtherClientsOfWhichNothingIsHeard() {
		this.forAll.run((context) -> {
			VirtualTimeScheduler time = VirtualTimeScheduler.create();
			BalancedTargets targets = context.getBean(BalancedTargets.class);
			BalancingLifecycle lifecycle = new BalancingLifecycle(targets, "warehouse", time);
			ServiceInstance called = context.getBean(LoadBalancerClient.class).choose("warehouse");
			Load load = targets.balanced("warehouse").balancer().member(called).load();
			List<Request<Object>> cancelled = List.of(new DefaultRequest<>("same"), new DefaultRequest<>("same"));
			cancelled.forEach((request) -> lifecycle.onStartRequest(request, new DefaultResponse(called)));
			int before = load.outstanding();

			time.advanceTimeBy(BalancingLifecycle.LONGEST.plusSeconds(1));

			assertThat(before).isEqualTo(2);
			assertThat(load.outstanding()).isZero();
		});
	}

	@Test
	void endsCallsOfOtherClientsOnce() {
		this.forAll.run((context) -> {
			VirtualTimeScheduler time = VirtualTimeScheduler.create();
			BalancedTargets targets = context.getBean(BalancedTargets.class);
			BalancingLifecycle lifecycle = new BalancingLifecycle(targets, "warehouse", time);
			ServiceInstance called = context.getBean(LoadBalancerClient.class).choose("warehouse");
			Load load = targets.balanced("warehouse").balancer().member(called).load();
			Request<Object> late = new DefaultRequest<>("late");
			Request<Object> inTime = new DefaultRequest<>("in time");

			lifecycle.onStartRequest(late, new DefaultResponse(called));
			time.advanceTimeBy(BalancingLifecycle.LONGEST.plusSeconds(1));
			lifecycle.onStartRequest(inTime, new DefaultResponse(called));
			for (Request<Object> ended : List.of(late, inTime)) {
				lifecycle.onComplete(
						new CompletionContext<>(CompletionContext.Status.SUCCESS, ended, new DefaultResponse(called)));
			}
			time.advanceTimeBy(BalancingLifecycle.LONGEST.plusSeconds(1));

			assertThat(load.outstanding()).isZero();
		});
	}

	@Test
	void countsCallsOfOtherClientsThatBeginWhileTheApplicationShutsDown() {
		this.forAll.run((context) -> {
			VirtualTimeScheduler shutDown = VirtualTimeScheduler.create();
			shutDown.dispose();
			BalancedTargets targets = context.getBean(BalancedTargets.class);
			BalancingLifecycle lifecycle = new BalancingLifecycle(targets, "warehouse", shutDown);
			ServiceInstance called = context.getBean(LoadBalancerClient.class).choose("warehouse");
			Load load = targets.balanced("warehouse").balancer().member(called).load();
			Request<Object> request = new DefaultRequest<>("late");

			lifecycle.onStartRequest(request, new DefaultResponse(called));
			int before = load.outstanding();
			lifecycle.onComplete(
					new CompletionContext<>(CompletionContext.Status.SUCCESS, request, new DefaultResponse(called)));

			assertThat(before).isOne();
			assertThat(load.outstanding()).isZero();
		});
	}

	@Test
	void asksForEachRequestWhereTheApplicationsInstancesDependOnIt() {
		this.runner.withUserConfiguration(HintsForWarehouse.class).run((context) -> {
			ServiceInstanceListSupplier hints = context.getBean(LoadBalancerClientFactory.class)
				.getInstance("warehouse", ServiceInstanceListSupplier.class);

			assertThat(new SupplierChain(hints, null).isIndifferent()).isFalse();
			assertThat(new SupplierChain(defaults(context), null).isIndifferent()).isTrue();
		});
	}

	private static ServiceInstanceListSupplier defaults(ApplicationContext context) {
		return context.getBean(LoadBalancerClientFactory.class).getInstance("other", ServiceInstanceListSupplier.class);
	}

	private static Target target(ApplicationContext context, String name, Balancing settings) {
		return context.getBean(BalancedTargets.class).target(name, settings);
	}

	private static Object springCloud(ApplicationContext context, String name) {
		return context.getBean(LoadBalancerClientFactory.class).getInstance(name);
	}

	@Configuration(proxyBeanMethods = false)
	@org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient(name = "warehouse",
			configuration = RandomConfiguration.class)
	static class ForWarehouse {

	}

	@Configuration(proxyBeanMethods = false)
	@LoadBalancerClients(defaultConfiguration = RandomConfiguration.class)
	static class ForEverything {

	}

	@Configuration(proxyBeanMethods = false)
	@org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient(name = "warehouse",
			configuration = RoundRobinConfiguration.class)
	static class RoundRobinForWarehouse {

	}

	@Configuration(proxyBeanMethods = false)
	@org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient(name = "warehouse",
			configuration = HintsConfiguration.class)
	static class HintsForWarehouse {

	}

	static class RandomConfiguration {

		@Bean
		ReactorLoadBalancer<ServiceInstance> randomLoadBalancer(Environment environment,
				LoadBalancerClientFactory factory) {
			String name = LoadBalancerClientFactory.getName(environment);
			return new RandomLoadBalancer(factory.getLazyProvider(name, ServiceInstanceListSupplier.class), name);
		}

	}

	static class RoundRobinConfiguration {

		@Bean
		ReactorLoadBalancer<ServiceInstance> reactorServiceInstanceLoadBalancer(Environment environment,
				LoadBalancerClientFactory factory) {
			String name = LoadBalancerClientFactory.getName(environment);
			return new RoundRobinLoadBalancer(factory.getLazyProvider(name, ServiceInstanceListSupplier.class), name);
		}

	}

	static class HintsConfiguration {

		@Bean
		ServiceInstanceListSupplier hints(org.springframework.context.ConfigurableApplicationContext context) {
			return ServiceInstanceListSupplier.builder().withBlockingDiscoveryClient().withHints().build(context);
		}

	}

}
