package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request that bears a {@link BroadcastPolicy} to all instances of its target,
 * where others are sent to one. It stands before the interceptor that chooses one.
 *
 * @since 0.1
 */
public final class BroadcastInterceptor implements RpcClientInterceptor {

	private static final String REGISTRY = "registry";

	private final CallTimer timer;

	private final @Nullable InstanceSource instances;

	private final Executor executor;

	/**
	 * Creates one.
	 * @param timer ends broadcasts at their deadline
	 * @param instances knows the instances of targets without a fixed address, or
	 * {@code null} if nobody does
	 * @param executor asks for the instances: it may block, and longer than the call may
	 * take
	 */
	public BroadcastInterceptor(CallTimer timer, @Nullable InstanceSource instances, Executor executor) {
		this.timer = timer;
		this.instances = instances;
		this.executor = executor;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.TARGET;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		BroadcastPolicy policy = request.attribute(BroadcastPolicy.class);
		URI url = request.settings().url();
		if (policy == null) {
			return chain.proceed(request);
		}
		if (url != null) {
			return ask(List.of(TargetInterceptor.fixed(url, request.settings())), policy, request, chain);
		}
		InstanceSource source = this.instances;
		if (source == null) {
			return CompletableFuture.failedFuture(TargetInterceptor.withoutAddress(request));
		}
		try {
			return CompletableFuture.supplyAsync(() -> known(source, request), this.executor)
				.thenComposeAsync((found) -> ask(found, policy, request, chain), request.context().executor());
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.failedFuture(shutDown(request, ex));
		}
	}

	private static List<RpcInstance> known(InstanceSource source, RpcRequest request) {
		try {
			return source.instances(request);
		}
		// whatever the registry's client throws
		catch (RuntimeException ex) {
			throw TargetInterceptor.withoutInstance(request, REGISTRY, ex);
		}
	}

	private CompletableFuture<RpcResponse> ask(List<RpcInstance> instances, BroadcastPolicy policy, RpcRequest request,
			Chain chain) {
		if (instances.isEmpty()) {
			return CompletableFuture.failedFuture(TargetInterceptor.withoutInstance(request, REGISTRY, null));
		}
		Gathering gathering = new Gathering(request, policy, instances);
		try {
			CallTimer.Task deadline = this.timer.schedule(gathering::passDeadline, request.context().remaining());
			CompletableFuture<RpcResponse> response = gathering.ask(chain);
			response.whenComplete((answer, failure) -> deadline.cancel());
			return response;
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.failedFuture(shutDown(request, ex));
		}
	}

	private static RpcUnavailableException shutDown(RpcRequest request, RejectedExecutionException cause) {
		return new RpcUnavailableException(request + " was not sent: this application is shutting down",
				Reason.SHUT_DOWN, cause);
	}

}
