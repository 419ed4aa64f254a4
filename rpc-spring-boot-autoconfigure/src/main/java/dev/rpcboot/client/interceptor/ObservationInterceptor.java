package dev.rpcboot.client.interceptor;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One observation for a call that leaves, around all of its attempts. It also puts the
 * trace context on the request.
 *
 * @since 0.1
 */
public final class ObservationInterceptor implements RpcClientInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(ObservationInterceptor.class);

	private static final RpcClientObservationConvention DEFAULT = new DefaultRpcClientObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable RpcClientObservationConvention convention;

	/**
	 * Creates one.
	 * @param convention names the observation and its keys, or {@code null} for ours
	 */
	public ObservationInterceptor(ObservationRegistry registry, @Nullable RpcClientObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.OBSERVATION;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		if (this.registry.isNoop()) {
			return chain.proceed(request);
		}
		RpcClientObservationContext context = new RpcClientObservationContext(request);
		Observation observation = Observation.createNotStarted(this.convention, DEFAULT, () -> context, this.registry)
			.start();
		CompletableFuture<RpcResponse> response;
		try (Observation.Scope scope = observation.openScope()) {
			response = chain.proceed(withPropagated(request.withAttribute(Observation.class, observation), context));
		}
		catch (RuntimeException ex) {
			observation.error(ex).stop();
			throw ex;
		}
		RpcResponse.whenOver(response, (answer, failure) -> {
			if (failure != null) {
				observation.error(failure);
			}
			observation.stop();
		});
		return response;
	}

	private static RpcRequest withPropagated(RpcRequest request, RpcClientObservationContext context) {
		if (context.propagated().isEmpty()) {
			return request;
		}
		RpcRequest changed = request;
		for (Map.Entry<String, String> header : context.propagated().entrySet()) {
			try {
				changed = changed.withHeader(header.getKey(), header.getValue());
			}
			catch (IllegalArgumentException ex) {
				// baggage that cannot stand in a header must not fail the call that it
				// accompanies
				logger.debug("{} goes without a header of its trace context: {}", request, ex.getMessage());
			}
		}
		return changed;
	}

}
