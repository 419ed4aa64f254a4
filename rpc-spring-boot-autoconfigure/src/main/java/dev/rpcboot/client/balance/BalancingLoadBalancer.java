package dev.rpcboot.client.balance;

import dev.rpcboot.client.Resilience;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;

/**
 * Our choice of an instance, for clients of Spring Cloud's such as a load-balanced
 * {@code RestClient}. They call the target with what calls of ours have learned, and the
 * other way round. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class BalancingLoadBalancer implements ReactorServiceInstanceLoadBalancer {

	private final BalancedTargets targets;

	private final String target;

	/**
	 * Creates the one of a target.
	 */
	public BalancingLoadBalancer(BalancedTargets targets, String target) {
		this.targets = targets;
		this.target = target;
	}

	@Override
	// raw in the interface
	@SuppressWarnings("rawtypes")
	public Mono<Response<ServiceInstance>> choose(Request request) {
		return Mono
			.defer(() -> this.targets.balanced(this.target).pick(Resilience.DEFAULTS.balancing(), (Request<?>) request))
			.<Response<ServiceInstance>>map((pick) -> new DefaultResponse(pick.member().registered()))
			.switchIfEmpty(Mono.fromSupplier(EmptyResponse::new));
	}

}
