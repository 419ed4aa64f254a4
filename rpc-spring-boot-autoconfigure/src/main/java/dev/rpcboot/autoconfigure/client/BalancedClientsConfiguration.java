package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.balance.BalancedTargets;
import dev.rpcboot.client.balance.BalancingLifecycle;
import dev.rpcboot.client.balance.BalancingLoadBalancer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ReactorLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;

/**
 * What Spring Cloud LoadBalancer adds to the context that it has for each target, so that
 * clients of its own are balanced as ours are. No configuration of the application's
 * context.
 */
class BalancedClientsConfiguration {

	@Bean
	// an application's default comes in no promised order, before or after this one
	@Fallback
	@ConditionalOnMissingBean
	ReactorLoadBalancer<ServiceInstance> rpcLoadBalancer(Environment environment, BalancedTargets targets) {
		return new BalancingLoadBalancer(targets, LoadBalancerClientFactory.getName(environment));
	}

	@Bean
	BalancingLifecycle rpcBalancingLifecycle(Environment environment, BalancedTargets targets) {
		return new BalancingLifecycle(targets, LoadBalancerClientFactory.getName(environment));
	}

}
