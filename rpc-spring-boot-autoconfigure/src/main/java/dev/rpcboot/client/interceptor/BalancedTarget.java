package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.RpcRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.CompletionContext.Status;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycleValidator;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestData;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.ResponseData;
import org.springframework.cloud.client.loadbalancer.reactive.ReactiveLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.LinkedMultiValueMap;

/**
 * Spring Cloud's load balancer for one target, with the lifecycle callbacks that a caller
 * who chooses for itself has to make.
 */
// the lifecycle's types are used raw by Spring Cloud itself
@SuppressWarnings({ "rawtypes", "unchecked" })
final class BalancedTarget {

	private final ReactiveLoadBalancer<ServiceInstance> loadBalancer;

	// looking it up costs more than the choice
	private final Set<LoadBalancerLifecycle> lifecycle;

	private final String hint;

	private final URI uri;

	BalancedTarget(LoadBalancerClientFactory factory, String target) {
		this.loadBalancer = factory.getInstance(target);
		this.lifecycle = LoadBalancerLifecycleValidator.getSupportedLifecycleProcessors(
				factory.getInstances(target, LoadBalancerLifecycle.class), RequestDataContext.class, ResponseData.class,
				ServiceInstance.class);
		Map<String, String> hints = factory.getProperties(target).getHint();
		this.hint = hints.getOrDefault(target, hints.getOrDefault("default", "default"));
		this.uri = URI.create("http://" + target);
	}

	CompletableFuture<Choice> choose(RpcRequest call) {
		HttpHeaders headers = new HttpHeaders();
		call.headers().forEach(headers::add);
		Request<?> request = new DefaultRequest<>(new RequestDataContext(
				new RequestData(HttpMethod.POST, this.uri, headers, new LinkedMultiValueMap<>(), Map.of()), this.hint));
		this.lifecycle.forEach((callback) -> callback.onStart(request));
		return Mono.from(this.loadBalancer.choose(request))
			.defaultIfEmpty(new EmptyResponse())
			.map((response) -> new Choice(request, response))
			.toFuture();
	}

	void started(Choice choice) {
		this.lifecycle.forEach((callback) -> callback.onStartRequest(choice.request(), choice.response()));
	}

	void completed(Choice choice, @Nullable Throwable failure) {
		CompletionContext<?, ?, ?> completion = (failure != null)
				? new CompletionContext(Status.FAILED, failure, choice.request(), choice.response())
				: new CompletionContext(Status.SUCCESS, choice.request(), choice.response());
		this.lifecycle.forEach((callback) -> callback.onComplete(completion));
	}

	/** For a choice that no request was sent to. */
	void discard(Choice choice) {
		this.lifecycle.forEach((callback) -> callback
			.onComplete(new CompletionContext(Status.DISCARD, choice.request(), choice.response())));
	}

	/**
	 * What the load balancer answered.
	 *
	 * @param request what it was asked
	 * @param response the instance, or none
	 */
	record Choice(Request<?> request, Response<ServiceInstance> response) {
	}

}
