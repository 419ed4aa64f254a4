package dev.rpcboot.client.balance;

import java.net.URI;
import java.util.List;
import java.util.Map;

import dev.rpcboot.client.RpcRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.CompletionContext.Status;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycleValidator;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.LinkedMultiValueMap;

/**
 * The callbacks that the application has with Spring Cloud LoadBalancer for one target,
 * which a caller who chooses for itself has to make.
 */
// the lifecycle's types are used raw by Spring Cloud itself
@SuppressWarnings({ "rawtypes", "unchecked" })
final class LifecycleCallbacks {

	// looking them up costs more than the choice
	private final List<LoadBalancerLifecycle> callbacks;

	private final String hint;

	private final URI uri;

	LifecycleCallbacks(LoadBalancerClientFactory factory, String target) {
		this.callbacks = LoadBalancerLifecycleValidator
			.getSupportedLifecycleProcessors(factory.getInstances(target, LoadBalancerLifecycle.class),
					RequestDataContext.class, ResponseData.class, ServiceInstance.class)
			.stream()
			// our own watches the calls of others
			.filter((callback) -> !(callback instanceof BalancingLifecycle))
			.toList();
		Map<String, String> hints = factory.getProperties(target).getHint();
		this.hint = hints.getOrDefault(target, hints.getOrDefault("default", "default"));
		this.uri = URI.create("http://" + target);
	}

	boolean isEmpty() {
		return this.callbacks.isEmpty();
	}

	/**
	 * The call as Spring Cloud sees it.
	 */
	Request<?> request(RpcRequest call) {
		HttpHeaders headers = new HttpHeaders();
		call.headers().forEach(headers::add);
		return new DefaultRequest<>(new RequestDataContext(
				new RequestData(HttpMethod.POST, this.uri, headers, new LinkedMultiValueMap<>(), Map.of()), this.hint));
	}

	void choosing(Request<?> request) {
		this.callbacks.forEach((callback) -> callback.onStart(request));
	}

	void started(Request<?> request, Response<ServiceInstance> response) {
		this.callbacks.forEach((callback) -> callback.onStartRequest(request, response));
	}

	void completed(Request<?> request, Response<ServiceInstance> response, @Nullable Throwable failure) {
		CompletionContext<?, ?, ?> completion = (failure != null)
				? new CompletionContext(Status.FAILED, failure, request, response)
				: new CompletionContext(Status.SUCCESS, request, response);
		this.callbacks.forEach((callback) -> callback.onComplete(completion));
	}

	/** For a choice that no request was sent to. */
	void discarded(Request<?> request, Response<ServiceInstance> response) {
		this.callbacks
			.forEach((callback) -> callback.onComplete(new CompletionContext(Status.DISCARD, request, response)));
	}

}
