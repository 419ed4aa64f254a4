package dev.rpcboot.client.balance;

import java.util.Arrays;
import java.util.Map;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Tells whether the load balancer of a target is one that the application wants, or just
 * Spring Cloud's default.
 */
final class LoadBalancerOrigin {

	/** Spring Cloud's name of its default. */
	private static final String DEFAULT = "reactorServiceInstanceLoadBalancer";

	/** How the configurations are named that hold for every target. */
	private static final String FOR_ALL = "default.";

	private final LoadBalancerClientFactory factory;

	LoadBalancerOrigin(LoadBalancerClientFactory factory) {
		this.factory = factory;
	}

	/**
	 * Whether the application does not mind.
	 */
	boolean isLeftToUs(String target) {
		ReactiveLoadBalancer<ServiceInstance> used = this.factory.getInstance(target);
		if (used instanceof BalancingLoadBalancer || used == null) {
			return true;
		}
		// By what a bean definition says it could be told too, but not of one that was
		// generated ahead of time.
		return used.getClass() == RoundRobinLoadBalancer.class && isCalledDefault(target, used)
				&& !isDefinedByApplication(target);
	}

	private boolean isCalledDefault(String target, ReactiveLoadBalancer<ServiceInstance> used) {
		Map<String, ?> all = this.factory.getInstances(target, RoundRobinLoadBalancer.class);
		return all.get(DEFAULT) == used;
	}

	/** The application's bean may have the default's name, and so take its place. */
	private boolean isDefinedByApplication(String target) {
		return this.factory.getConfigurations()
			.values()
			.stream()
			.filter((specification) -> specification.getName().equals(target)
					|| specification.getName().startsWith(FOR_ALL))
			.map(LoadBalancerClientSpecification::getConfiguration)
			.flatMap(Arrays::stream)
			.flatMap((type) -> Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type)))
			.anyMatch((method) -> method.getName().equals(DEFAULT));
	}

}
