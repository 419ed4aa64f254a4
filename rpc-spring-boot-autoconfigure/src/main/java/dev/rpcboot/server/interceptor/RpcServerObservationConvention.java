package dev.rpcboot.server.interceptor;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * Names the observation of a served call. A bean of this type takes the place of the
 * default, which is made of the default methods. The context is always a
 * {@link ServedCall}.
 *
 * @since 0.1
 */
public interface RpcServerObservationConvention extends ObservationConvention<Observation.Context> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof ServedCall;
	}

	@Override
	default String getName() {
		return "rpc.server.call.duration";
	}

	@Override
	default @Nullable String getContextualName(Observation.Context context) {
		return ((ServedCall) context).method();
	}

	@Override
	default KeyValues getLowCardinalityKeyValues(Observation.Context context) {
		ServedCall call = (ServedCall) context;
		JsonRpcError error = call.error();
		RpcStatus status = (error != null) ? error.status() : null;
		String outcome = (error == null) ? RpcStatus.OK : (status != null) ? status.name() : "APPLICATION";
		return KeyValues.of(KeyValue.of("rpc.system", "jsonrpc"), KeyValue.of("rpc.method", call.method()),
				KeyValue.of("rpc.response.status", outcome),
				KeyValue.of("error.type", (error != null) ? outcome : "none"));
	}

}
