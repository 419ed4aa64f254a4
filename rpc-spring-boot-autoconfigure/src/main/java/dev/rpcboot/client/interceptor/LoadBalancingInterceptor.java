package dev.rpcboot.client.interceptor;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;

/**
 * Chooses an instance by Spring Cloud LoadBalancer, another one than those that the call
 * has tried, and tells the load balancer's lifecycle callbacks what became of it.
 *
 * @since 0.1
 */
public final class LoadBalancingInterceptor implements RpcClientInterceptor {

	/** A balancer may pick a tried instance again; after that many picks it is taken. */
	private static final int MAX_PICKS = 5;

	private final LoadBalancerClientFactory factory;

	private final Map<String, BalancedTarget> targets = new ConcurrentHashMap<>();

	private final InstanceAddresses addresses = new InstanceAddresses();

	public LoadBalancingInterceptor(LoadBalancerClientFactory factory) {
		this.factory = factory;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.TARGET;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		BalancedTarget target = this.targets.computeIfAbsent(request.target(),
				(name) -> new BalancedTarget(this.factory, name));
		CallContext context = request.context();
		CompletableFuture<BalancedTarget.Choice> choice;
		if (!context.isBlocking() && Schedulers.isInNonBlockingThread()) {
			// a registry's client may block when it is asked for the instances
			choice = CompletableFuture.supplyAsync(() -> choose(target, request, 1), context.executor())
				.thenCompose((chosen) -> chosen);
		}
		else {
			choice = choose(target, request, 1);
		}
		if (choice.isDone() && !choice.isCompletedExceptionally()) {
			return proceed(target, choice.join(), request, chain);
		}
		return choice.exceptionallyCompose((failure) -> CompletableFuture.failedFuture(unavailable(request, failure)))
			.thenComposeAsync((chosen) -> proceed(target, chosen, request, chain), context.executor());
	}

	private CompletableFuture<BalancedTarget.Choice> choose(BalancedTarget target, RpcRequest request, int pick) {
		CompletableFuture<BalancedTarget.Choice> choice = target.choose(request);
		if (request.context().tried().isEmpty() || pick == MAX_PICKS) {
			return choice;
		}
		return choice.thenCompose((chosen) -> {
			ServiceInstance server = chosen.response().getServer();
			if (server != null && request.context().tried().contains(this.addresses.of(server, request.settings()))) {
				target.discard(chosen);
				return choose(target, request, pick + 1);
			}
			return CompletableFuture.completedFuture(chosen);
		});
	}

	private CompletableFuture<RpcResponse> proceed(BalancedTarget target, BalancedTarget.Choice choice,
			RpcRequest request, Chain chain) {
		ServiceInstance server = choice.response().getServer();
		if (server == null) {
			target.discard(choice);
			return CompletableFuture.failedFuture(unavailable(request, null));
		}
		RpcInstance instance = this.addresses.of(server, request.settings());
		request.context().addTried(instance);
		target.started(choice);
		CompletableFuture<RpcResponse> response = chain.proceed(request.withInstance(instance));
		RpcResponse.whenOver(response, (answer, failure) -> target.completed(choice, failure));
		return response;
	}

	private static RpcUnavailableException unavailable(RpcRequest request, @Nullable Throwable failure) {
		return TargetInterceptor.withoutInstance(request, "load balancer", failure);
	}

}
