package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the instance for an attempt: the target's fixed address if it has one, else
 * whichever the load balancer picks.
 *
 * @since 0.1
 */
public final class TargetInterceptor implements RpcClientInterceptor {

	private final @Nullable RpcClientInterceptor loadBalancing;

	private final Map<String, RpcInstance> fixed = new ConcurrentHashMap<>();

	/**
	 * Creates one.
	 * @param loadBalancing chooses for targets without a fixed address, or {@code null}
	 * where there is no load balancer
	 */
	public TargetInterceptor(@Nullable RpcClientInterceptor loadBalancing) {
		this.loadBalancing = loadBalancing;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.TARGET;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		if (request.instance() != null) {
			// a broadcast has addressed it already
			return chain.proceed(request);
		}
		CallSettings settings = request.settings();
		URI url = settings.url();
		if (url != null) {
			RpcInstance instance = this.fixed.computeIfAbsent(request.target(), (target) -> fixed(url, settings));
			request.context().addTried(instance);
			return chain.proceed(request.withInstance(instance));
		}
		if (this.loadBalancing == null) {
			return CompletableFuture.failedFuture(withoutAddress(request));
		}
		return this.loadBalancing.intercept(request, chain);
	}

	static RpcUnavailableException withoutAddress(RpcRequest request) {
		return new RpcUnavailableException(request + " has no address. Set rpc.client.targets." + request.target()
				+ ".url, or add Spring Cloud LoadBalancer and a DiscoveryClient", Reason.NO_INSTANCE, null);
	}

	/**
	 * No instance is known.
	 * @param asked who was asked for them
	 * @param failure why that failed, or {@code null} if it just knew of none
	 */
	public static RpcUnavailableException withoutInstance(RpcRequest request, String asked,
			@Nullable Throwable failure) {
		return new RpcUnavailableException(
				request + " found no instance" + ((failure != null) ? ": the " + asked + " failed" : "")
						+ ". Start one that registers as '" + request.target() + "', or set rpc.client.targets."
						+ request.target() + ".url",
				Reason.NO_INSTANCE, (failure != null) ? Failures.unwrap(failure) : null);
	}

	static RpcInstance fixed(URI url, CallSettings settings) {
		return new RpcInstance(url.getAuthority(), endpoint(url, settings.path()));
	}

	/**
	 * Where contracts are served.
	 * @param base base URL of the application
	 * @param path path below it
	 */
	public static URI endpoint(URI base, String path) {
		String address = base.toString();
		return URI.create((address.endsWith("/") ? address.substring(0, address.length() - 1) : address) + path);
	}

}
