package dev.rpcboot.client.interceptor;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.RpcAttemptInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import io.micrometer.observation.Observation;

/**
 * Notes each repetition as an event of the call's observation. Of a first attempt there
 * is none: handlers of observations count events, which costs more than the rest of a
 * call's way out.
 *
 * @since 0.1
 */
public final class AttemptEventInterceptor implements RpcAttemptInterceptor {

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		Observation observation = request.attribute(Observation.class);
		RpcInstance instance = request.instance();
		if (observation != null && instance != null && request.attempt() > 1) {
			observation.event(Observation.Event.of("rpc.attempt",
					"attempt " + request.attempt() + " at " + instance.endpoint().getAuthority()));
		}
		return chain.proceed(request);
	}

}
