package dev.rpcboot.client.interceptor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.rpcboot.client.RpcRequest;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * What an observation of a call on the caller's side knows. Its carrier takes the headers
 * of the trace context.
 *
 * @since 0.1
 */
public final class RpcClientObservationContext extends SenderContext<Map<String, String>> {

	private final RpcRequest request;

	RpcClientObservationContext(RpcRequest request) {
		super((carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.CLIENT);
		setCarrier(new LinkedHashMap<>());
		setRemoteServiceName(request.target());
		this.request = request;
	}

	/**
	 * The call.
	 */
	public RpcRequest request() {
		return this.request;
	}

	Map<String, String> propagated() {
		return Objects.requireNonNull(getCarrier());
	}

}
