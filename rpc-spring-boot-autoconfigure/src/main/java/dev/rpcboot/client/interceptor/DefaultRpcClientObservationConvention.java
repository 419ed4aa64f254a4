package dev.rpcboot.client.interceptor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * The names that OpenTelemetry's conventions for RPC give:
 * {@code rpc.client.call.duration} with the method, the target and what went wrong.
 * Nothing that a caller can choose freely becomes a tag.
 *
 * @since 0.1
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/rpc/">OpenTelemetry semantic
 * conventions for RPC</a>
 */
public class DefaultRpcClientObservationConvention implements RpcClientObservationConvention {

	private static final KeyValue SYSTEM = KeyValue.of("rpc.system", "jsonrpc");

	private static final KeyValue NO_ERROR = KeyValue.of("error.type", "none");

	private static final int MAX_KNOWN = 4096;

	private final Map<String, Known> known = new ConcurrentHashMap<>();

	@Override
	public String getName() {
		return "rpc.client.call.duration";
	}

	@Override
	public String getContextualName(RpcClientObservationContext context) {
		return known(context.request()).name();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(RpcClientObservationContext context) {
		KeyValues successful = known(context.request()).keyValues();
		return (context.getError() == null) ? successful : successful.and(errorType(context.getError()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(RpcClientObservationContext context) {
		List<RpcInstance> tried = context.request().context().tried();
		if (tried.isEmpty()) {
			return KeyValues.empty();
		}
		String last = tried.get(tried.size() - 1).endpoint().getAuthority();
		return KeyValues.of("rpc.attempts", Integer.toString(tried.size()), "rpc.instance", last);
	}

	/** Every call needs them twice, and there are not many. */
	private Known known(RpcRequest request) {
		Known known = this.known.get(request.toString());
		if (known != null) {
			return known;
		}
		String method = request.method().fullName();
		Known made = new Known(method, KeyValues.of(SYSTEM, KeyValue.of("rpc.method", method),
				KeyValue.of("server.address", request.target()), NO_ERROR));
		if (this.known.size() < MAX_KNOWN) {
			this.known.put(request.toString(), made);
		}
		return made;
	}

	private static KeyValue errorType(Throwable error) {
		return KeyValue.of("error.type",
				(error instanceof RpcRemoteException remote) ? remote.reason() : error.getClass().getSimpleName());
	}

	/**
	 * What is the same for all calls of a method that succeed.
	 */
	private record Known(String name, KeyValues keyValues) {
	}

}
