package dev.rpcboot.demo.consumer;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.client.RpcAttemptInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;

import org.springframework.stereotype.Component;

/**
 * Counts which instance every attempt went to: an interceptor of an application, picked
 * up because it is a bean.
 */
@Component
class AttemptCounter implements RpcAttemptInterceptor {

	private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		RpcInstance instance = request.instance();
		if (instance != null) {
			this.attempts.merge(instance.endpoint().getAuthority(), 1, Integer::sum);
		}
		return chain.proceed(request);
	}

	Map<String, Integer> byInstance() {
		return new TreeMap<>(this.attempts);
	}

	void reset() {
		this.attempts.clear();
	}

}
