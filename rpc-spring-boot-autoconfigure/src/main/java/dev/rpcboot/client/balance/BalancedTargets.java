package dev.rpcboot.client.balance;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.Resilience.Balancing;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.interceptor.Alternatives;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.cache.LoadBalancerCacheManager;
import org.springframework.cloud.loadbalancer.config.LoadBalancerZoneConfig;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;

/**
 * The targets whose instances are known by name, with what is known of each instance.
 * Shared by all who call them. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class BalancedTargets implements Alternatives {

	private final LoadBalancerClientFactory factory;

	private final NanoClock clock;

	private final LoadBalancerOrigin origin;

	private final Map<String, BalancedTarget> balanced = new ConcurrentHashMap<>();

	private final Map<String, Target> chosenBySettings = new ConcurrentHashMap<>();

	private final Map<String, Target> springCloud = new ConcurrentHashMap<>();

	/**
	 * Creates them.
	 * @param factory knows how the application has configured each target
	 */
	public BalancedTargets(LoadBalancerClientFactory factory) {
		this(factory, NanoClock.SYSTEM);
	}

	BalancedTargets(LoadBalancerClientFactory factory, NanoClock clock) {
		this.factory = factory;
		this.clock = clock;
		this.origin = new LoadBalancerOrigin(factory);
	}

	/**
	 * Who chooses for calls of ours: we do, unless that is switched off or the
	 * application has a load balancer of its own for the target.
	 */
	Target target(String name, Balancing settings) {
		Map<String, Target> targets = settings.enabled() ? this.chosenBySettings : this.springCloud;
		Target target = targets.get(name);
		if (target != null) {
			return target;
		}
		return targets.computeIfAbsent(name,
				(key) -> (settings.enabled() && this.origin.isLeftToUs(key)) ? balanced(key) : springCloud(key));
	}

	@Override
	public boolean hasOther(RpcRequest request) {
		boolean fixed = request.settings().url() != null;
		Target target = fixed ? null : target(request.target(), request.settings().resilience().balancing());
		return target instanceof BalancedTarget balanced && balanced.hasOther(request);
	}

	/**
	 * The target as we balance it.
	 */
	BalancedTarget balanced(String name) {
		BalancedTarget target = this.balanced.get(name);
		return (target != null) ? target : this.balanced.computeIfAbsent(name, this::create);
	}

	/**
	 * The target if we balance it, or {@code null}.
	 */
	@Nullable BalancedTarget existing(String name) {
		return this.balanced.get(name);
	}

	private BalancedTarget create(String name) {
		Balancer balancer = new Balancer(this.clock, (bound) -> ThreadLocalRandom.current().nextInt(bound),
				() -> zone(name));
		ServiceInstanceListSupplier supplier = this.factory.getLazyProvider(name, ServiceInstanceListSupplier.class)
			.getIfAvailable();
		if (supplier == null) {
			throw new IllegalStateException("Spring Cloud LoadBalancer has no ServiceInstanceListSupplier for '" + name
					+ "': add a DiscoveryClient, or check spring.cloud.loadbalancer.configurations, of which some need"
					+ " further libraries");
		}
		SupplierChain suppliers = new SupplierChain(supplier,
				this.factory.getLazyProvider(name, LoadBalancerCacheManager.class).getIfAvailable());
		return new BalancedTarget(balancer, new InstanceList(name, suppliers::list, balancer, this.clock), suppliers,
				new LifecycleCallbacks(this.factory, name));
	}

	// asked each time: some registries' clients set it late
	private @Nullable String zone(String name) {
		LoadBalancerZoneConfig config = this.factory.getInstance(name, LoadBalancerZoneConfig.class);
		return (config != null) ? config.getZone() : null;
	}

	private Target springCloud(String name) {
		ReactiveLoadBalancer<ServiceInstance> loadBalancer = this.factory.getInstance(name);
		return new SpringCloudTarget(loadBalancer, new LifecycleCallbacks(this.factory, name));
	}

}
