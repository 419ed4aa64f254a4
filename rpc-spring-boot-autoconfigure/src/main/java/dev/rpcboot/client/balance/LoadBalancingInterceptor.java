package dev.rpcboot.client.balance;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the instance for an attempt, another one than those that the call has tried,
 * and tells whoever chose it what became of it.
 *
 * @since 0.1
 */
public final class LoadBalancingInterceptor implements RpcClientInterceptor {

	private final BalancedTargets targets;

	public LoadBalancingInterceptor(BalancedTargets targets) {
		this.targets = targets;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.TARGET;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		CompletableFuture<? extends Choice> choice = choose(request);
		if (choice.isDone() && !choice.isCompletedExceptionally()) {
			return proceed(choice.join(), request, chain);
		}
		CompletableFuture<Choice> later = choice.handle((chosen, failure) -> {
			if (failure != null) {
				throw unavailable(request, Failures.unwrap(failure));
			}
			return chosen;
		});
		return later.thenComposeAsync((chosen) -> proceed(chosen, request, chain), request.context().executor());
	}

	private CompletableFuture<? extends Choice> choose(RpcRequest request) {
		try {
			return this.targets.target(request.target(), request.settings().resilience().balancing()).choose(request);
		}
		// whatever the application's load balancer throws
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static CompletableFuture<RpcResponse> proceed(Choice choice, RpcRequest request, Chain chain) {
		request.context().addTried(choice.instance());
		choice.started();
		CompletableFuture<RpcResponse> response;
		try {
			response = chain.proceed(request.withInstance(choice.instance()));
		}
		// wide, because interceptors are user code
		catch (Throwable ex) {
			choice.over(ex);
			throw ex;
		}
		response.whenComplete((answer, failed) -> choice.answered(RpcResponse.judgedBy(answer, failed)));
		RpcResponse.whenOver(response, (answer, failure) -> choice.over(failure));
		return response;
	}

	/**
	 * No instance was found.
	 * @param failure why, or {@code null} if there just is none
	 */
	static RpcUnavailableException unavailable(RpcRequest request, @Nullable Throwable failure) {
		return (failure instanceof RpcUnavailableException unavailable) ? unavailable
				: TargetInterceptor.withoutInstance(request, "load balancer", failure);
	}

}
