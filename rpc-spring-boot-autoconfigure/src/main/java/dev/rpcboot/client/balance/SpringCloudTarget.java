package dev.rpcboot.client.balance;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.Hedge;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;

/**
 * A target whose instances are chosen by a load balancer of the application's, or by
 * Spring Cloud's own where ours is switched off.
 */
final class SpringCloudTarget implements Target {

	/** It knows nothing of what was tried; after that many picks it is taken. */
	private static final int MAX_PICKS = 5;

	private final ReactiveLoadBalancer<ServiceInstance> loadBalancer;

	private final LifecycleCallbacks callbacks;

	SpringCloudTarget(ReactiveLoadBalancer<ServiceInstance> loadBalancer, LifecycleCallbacks callbacks) {
		this.loadBalancer = loadBalancer;
		this.callbacks = callbacks;
	}

	@Override
	public CompletableFuture<? extends Choice> choose(RpcRequest request) {
		CallContext context = request.context();
		if (!context.isBlocking() && Schedulers.isInNonBlockingThread()) {
			// a registry's client may block when it is asked for the instances
			return CompletableFuture.supplyAsync(() -> choose(request, 1), context.executor())
				.thenCompose((choice) -> choice);
		}
		return choose(request, 1);
	}

	private CompletableFuture<Chosen> choose(RpcRequest call, int pick) {
		Request<?> request = this.callbacks.request(call);
		this.callbacks.choosing(request);
		CompletableFuture<Chosen> choice = Mono.from(this.loadBalancer.choose(request))
			.defaultIfEmpty(new EmptyResponse())
			.map((response) -> chosen(call, request, response))
			.toFuture();
		if (call.context().tried().isEmpty()) {
			return choice;
		}
		return choice.thenCompose((chosen) -> {
			if (!call.context().tried().contains(chosen.instance())) {
				return CompletableFuture.completedFuture(chosen);
			}
			boolean last = pick == MAX_PICKS;
			if (last && call.attribute(Hedge.class) == null) {
				return CompletableFuture.completedFuture(chosen);
			}
			this.callbacks.discarded(request, chosen.response());
			return last ? CompletableFuture.failedFuture(LoadBalancingInterceptor.unavailable(call, null))
					: choose(call, pick + 1);
		});
	}

	private Chosen chosen(RpcRequest call, Request<?> request, Response<ServiceInstance> response) {
		ServiceInstance server = response.getServer();
		if (server == null) {
			this.callbacks.discarded(request, response);
			throw LoadBalancingInterceptor.unavailable(call, null);
		}
		return new Chosen(this.callbacks, InstanceAddresses.of(server, call.settings().path()), request, response);
	}

	/**
	 * What the load balancer answered.
	 *
	 * @param request what it was asked
	 * @param response the instance
	 */
	private record Chosen(LifecycleCallbacks callbacks, RpcInstance instance, Request<?> request,
			Response<ServiceInstance> response) implements Choice {

		@Override
		public void started() {
			this.callbacks.started(this.request, this.response);
		}

		@Override
		public void answered(@Nullable Throwable failure) {
		}

		@Override
		public void over(@Nullable Throwable failure) {
			this.callbacks.completed(this.request, this.response, failure);
		}

	}

}
