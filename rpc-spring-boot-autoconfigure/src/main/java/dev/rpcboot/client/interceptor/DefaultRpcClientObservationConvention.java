package dev.rpcboot.client.interceptor;

import dev.rpcboot.RpcRemoteException;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

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

	@Override
	public String getName() {
		return "rpc.client.call.duration";
	}

	@Override
	public String getContextualName(RpcClientObservationContext context) {
		return context.request().method().fullName();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(RpcClientObservationContext context) {
		return KeyValues.of(SYSTEM, KeyValue.of("rpc.method", context.request().method().fullName()),
				KeyValue.of("server.address", context.request().target()), errorType(context.getError()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(RpcClientObservationContext context) {
		return KeyValues.of("rpc.attempts", Integer.toString(context.request().context().tried().size()));
	}

	private static KeyValue errorType(@Nullable Throwable error) {
		if (error == null) {
			return NO_ERROR;
		}
		return KeyValue.of("error.type",
				(error instanceof RpcRemoteException remote) ? remote.reason() : error.getClass().getSimpleName());
	}

}
