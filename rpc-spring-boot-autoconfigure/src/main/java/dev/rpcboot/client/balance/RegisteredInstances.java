package dev.rpcboot.client.balance;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.interceptor.InstanceSource;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;

/**
 * Asks the registry itself, whose answer is newer than what the load balancer remembers
 * and leaves nothing out; where it knows of none, as where instances are only known to
 * the load balancer, that is asked.
 *
 * @since 0.1
 */
public final class RegisteredInstances implements InstanceSource {

	private final Supplier<@Nullable DiscoveryClient> registry;

	private final LoadBalancerClientFactory loadBalancers;

	/**
	 * Creates one.
	 * @param registry gives the registry, asked when it is first needed, or {@code null}
	 * if there is none
	 */
	public RegisteredInstances(Supplier<@Nullable DiscoveryClient> registry, LoadBalancerClientFactory loadBalancers) {
		this.registry = registry;
		this.loadBalancers = loadBalancers;
	}

	@Override
	public List<RpcInstance> instances(RpcRequest request) {
		DiscoveryClient client = this.registry.get();
		List<ServiceInstance> registered = (client != null) ? client.getInstances(request.target()) : List.of();
		return (registered.isEmpty() ? balanced(request) : registered).stream()
			.map((instance) -> InstanceAddresses.of(instance, request.settings().path()))
			.distinct()
			.toList();
	}

	private List<ServiceInstance> balanced(RpcRequest request) {
		ServiceInstanceListSupplier supplier = this.loadBalancers.getInstance(request.target(),
				ServiceInstanceListSupplier.class);
		if (supplier == null) {
			return List.of();
		}
		return Objects.requireNonNullElse(supplier.get().next().block(request.context().remaining()), List.of());
	}

}
