package dev.rpcboot.client.balance;

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cache.Cache;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.loadbalancer.cache.LoadBalancerCacheManager;
import org.springframework.cloud.loadbalancer.core.CachingServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.DelegatingServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.RetryAwareServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.SelectedInstanceCallback;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.SubsetServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.WeightedServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.core.ZonePreferenceServiceInstanceListSupplier;
import org.springframework.util.ClassUtils;

/**
 * The suppliers of instances that Spring Cloud LoadBalancer, or the application, has put
 * together for a target. What they leave out is left out.
 */
final class SupplierChain {

	/** They hand the request on and do not look at it. */
	private static final List<Class<?>> INDIFFERENT = List.of(ZonePreferenceServiceInstanceListSupplier.class,
			WeightedServiceInstanceListSupplier.class, SubsetServiceInstanceListSupplier.class,
			// looks at the requests of Spring Cloud's own clients alone
			RetryAwareServiceInstanceListSupplier.class);

	private final ServiceInstanceListSupplier outermost;

	private final @Nullable LoadBalancerCacheManager caches;

	private final boolean indifferent;

	/**
	 * Creates one.
	 * @param caches holds the cache that may be among them, or {@code null} if there is
	 * none
	 */
	SupplierChain(ServiceInstanceListSupplier outermost, @Nullable LoadBalancerCacheManager caches) {
		this.outermost = outermost;
		this.caches = caches;
		this.indifferent = !(outermost instanceof SelectedInstanceCallback callback && looksAtChoice(callback))
				&& isIndifferent(outermost);
	}

	/** All that delegate have the callback, most to hand it on. */
	private static boolean looksAtChoice(SelectedInstanceCallback callback) {
		Object current = callback;
		while (current instanceof DelegatingServiceInstanceListSupplier delegating) {
			if (ClassUtils.getMethod(current.getClass(), "selectedServiceInstance", ServiceInstance.class)
				.getDeclaringClass() != DelegatingServiceInstanceListSupplier.class) {
				return true;
			}
			current = delegating.getDelegate();
		}
		return current instanceof SelectedInstanceCallback;
	}

	private static boolean isIndifferent(ServiceInstanceListSupplier supplier) {
		ServiceInstanceListSupplier current = supplier;
		while (takesRequest(current)) {
			if (!(current instanceof DelegatingServiceInstanceListSupplier delegating
					&& INDIFFERENT.contains(current.getClass()))) {
				return false;
			}
			current = delegating.getDelegate();
		}
		return true;
	}

	private static boolean takesRequest(ServiceInstanceListSupplier supplier) {
		return ClassUtils.getMethod(supplier.getClass(), "get", Request.class)
			.getDeclaringClass() != ServiceInstanceListSupplier.class;
	}

	/**
	 * Whether the instances are the same for every request, so that they can be kept.
	 */
	boolean isIndifferent() {
		return this.indifferent;
	}

	/**
	 * The instances for one request.
	 */
	Mono<List<ServiceInstance>> list(Request<?> request) {
		return this.outermost.get(request).next();
	}

	/**
	 * Says which instance was chosen for a request.
	 */
	void chosen(ServiceInstance instance) {
		if (this.outermost instanceof SelectedInstanceCallback callback) {
			callback.selectedServiceInstance(instance);
		}
	}

	/**
	 * The instances.
	 * @param pastCache whether the registry itself is asked; what it knows is put into
	 * the cache for others too, unless it is nothing
	 */
	Mono<List<ServiceInstance>> list(boolean pastCache) {
		Mono<List<ServiceInstance>> list = Mono.defer(() -> this.outermost.get().next());
		DelegatingServiceInstanceListSupplier caching = pastCache ? caching() : null;
		Cache cache = (caching != null && this.caches != null)
				? this.caches.getCache(CachingServiceInstanceListSupplier.SERVICE_INSTANCE_CACHE_NAME) : null;
		if (caching == null || cache == null) {
			return list;
		}
		return Mono.defer(() -> caching.getDelegate().get().next()).doOnNext((registered) -> {
			if (!registered.isEmpty()) {
				cache.put(caching.getServiceId(), registered);
			}
		}).then(list);
	}

	private @Nullable DelegatingServiceInstanceListSupplier caching() {
		ServiceInstanceListSupplier current = this.outermost;
		while (current instanceof DelegatingServiceInstanceListSupplier delegating) {
			if (current instanceof CachingServiceInstanceListSupplier) {
				return delegating;
			}
			current = delegating.getDelegate();
		}
		return null;
	}

}
