package dev.rpcboot.autoconfigure.client;

import java.util.stream.Stream;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClient;
import org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClient;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClientSpecification;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;

/**
 * What Spring Cloud could know: what is listed in properties stays as it is, any other
 * client may learn of a target later.
 */
final class DiscoveredTargets implements TargetDiscovery {

	private final ObjectProvider<LoadBalancerClientFactory> loadBalancers;

	private final ObjectProvider<LoadBalancerClientSpecification> specifications;

	private final ObjectProvider<ServiceInstanceListSupplier> suppliers;

	private final ObjectProvider<DiscoveryClient> clients;

	private final ObjectProvider<ReactiveDiscoveryClient> reactiveClients;

	DiscoveredTargets(ObjectProvider<LoadBalancerClientFactory> loadBalancers,
			ObjectProvider<LoadBalancerClientSpecification> specifications,
			ObjectProvider<ServiceInstanceListSupplier> suppliers, ObjectProvider<DiscoveryClient> clients,
			ObjectProvider<ReactiveDiscoveryClient> reactiveClients) {
		this.loadBalancers = loadBalancers;
		this.specifications = specifications;
		this.suppliers = suppliers;
		this.clients = clients;
		this.reactiveClients = reactiveClients;
	}

	@Override
	public boolean mayKnow(String target) {
		return this.loadBalancers.stream().findAny().isPresent() && (hasOwnInstances(target)
				|| this.clients.stream().flatMap(DiscoveredTargets::parts).anyMatch((client) -> mayKnow(client, target))
				|| this.reactiveClients.stream()
					.flatMap(DiscoveredTargets::parts)
					.anyMatch((client) -> mayKnow(client, target)));
	}

	/**
	 * The application may tell the load balancer of instances without any discovery.
	 */
	private boolean hasOwnInstances(String target) {
		return this.suppliers.stream().findAny().isPresent() || this.specifications.stream()
			.anyMatch((specification) -> target.equals(specification.getName())
					&& specification.getConfiguration().length > 0);
	}

	private static boolean mayKnow(DiscoveryClient client, String target) {
		return !(client instanceof SimpleDiscoveryClient) || !client.getInstances(target).isEmpty();
	}

	private static boolean mayKnow(ReactiveDiscoveryClient client, String target) {
		return !(client instanceof SimpleReactiveDiscoveryClient)
				|| Boolean.TRUE.equals(client.getInstances(target).hasElements().block());
	}

	private static Stream<DiscoveryClient> parts(DiscoveryClient client) {
		return (client instanceof CompositeDiscoveryClient composite)
				? composite.getDiscoveryClients().stream().flatMap(DiscoveredTargets::parts) : Stream.of(client);
	}

	private static Stream<ReactiveDiscoveryClient> parts(ReactiveDiscoveryClient client) {
		return (client instanceof ReactiveCompositeDiscoveryClient composite)
				? composite.getDiscoveryClients().stream().flatMap(DiscoveredTargets::parts) : Stream.of(client);
	}

}
