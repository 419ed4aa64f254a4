package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * Chooses an instance by Spring Cloud LoadBalancer, another one than those that the call
 * has tried, and tells the load balancer's lifecycle callbacks what became of it.
 *
 * @since 0.1
 */
public final class LoadBalancingInterceptor implements RpcClientInterceptor {

	/** Metadata under which a provider publishes another path than the default. */
	private static final String PATH_METADATA = "rpc.path";

	/** What else a registry may say is no path, and not followed. */
	private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

	/** A balancer may pick a tried instance again; after that many picks it is taken. */
	private static final int MAX_PICKS = 5;

	private final LoadBalancerClientFactory factory;

	private final Map<String, BalancedTarget> targets = new ConcurrentHashMap<>();

	/** Building an address costs more than choosing it. */
	private final Map<Address, RpcInstance> instances = new ConcurrentReferenceHashMap<>();

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
			if (server != null && request.context().tried().contains(instance(server, request))) {
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
		RpcInstance instance = instance(server, request);
		request.context().addTried(instance);
		target.started(choice);
		CompletableFuture<RpcResponse> response = chain.proceed(request.withInstance(instance));
		RpcResponse.whenOver(response, (answer, failure) -> target.completed(choice, failure));
		return response;
	}

	private RpcInstance instance(ServiceInstance chosen, RpcRequest request) {
		Map<String, String> metadata = chosen.getMetadata();
		String path = (metadata != null) ? metadata.get(PATH_METADATA) : null;
		// not by the instance itself: some registries' are equal by their id alone
		Address address = new Address(chosen.getInstanceId(), chosen.getHost(), chosen.getPort(), chosen.isSecure(),
				path);
		RpcInstance instance = this.instances.get(address);
		if (instance == null) {
			URI endpoint = TargetInterceptor.endpoint(chosen.getUri(),
					(path != null && PATH.matcher(path).matches()) ? path : request.settings().path());
			// not every registry gives its instances an id
			String id = chosen.getInstanceId();
			instance = new RpcInstance((id != null) ? id : endpoint.getAuthority(), endpoint);
			this.instances.put(address, instance);
		}
		return instance;
	}

	private record Address(@Nullable String id, String host, int port, boolean secure, @Nullable String path) {
	}

	private static RpcUnavailableException unavailable(RpcRequest request, @Nullable Throwable failure) {
		return new RpcUnavailableException(
				request + " found no instance" + ((failure != null) ? ": the load balancer failed" : "")
						+ ". Start one that registers as '" + request.target() + "', or set rpc.client.targets."
						+ request.target() + ".url",
				Reason.NO_INSTANCE, (failure != null) ? Failures.unwrap(failure) : null);
	}

}
