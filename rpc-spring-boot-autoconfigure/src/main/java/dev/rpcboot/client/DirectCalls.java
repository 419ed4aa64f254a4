package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.rpcboot.call.NanoClock;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls that an application writes out itself, without a reference. Safe for
 * concurrent use.
 */
final class DirectCalls {

	private final JsonRpcMapper mapper;

	private final Supplier<ClientPipeline> pipeline;

	private final CallSettingsResolver settings;

	private final Executor executor;

	private final Remembered<ContractKey, PreparedContract<?>> contracts = new Remembered<>();

	private final Remembered<GenericMethod, ClientMethod> genericMethods = new Remembered<>();

	DirectCalls(JsonRpcMapper mapper, Supplier<ClientPipeline> pipeline, CallSettingsResolver settings,
			Executor executor) {
		this.mapper = mapper;
		this.pipeline = pipeline;
		this.settings = settings;
		this.executor = executor;
	}

	@SuppressWarnings("unchecked")
	<T> PreparedContract<T> contract(Class<T> type, String target) {
		// made for that type below
		return (PreparedContract<T>) this.contracts.get(new ContractKey(type, target),
				(key) -> new PreparedContract<>(type, target, this.mapper, this.settings));
	}

	ClientMethod generic(GenericMethod method) {
		return this.genericMethods.get(method, (key) -> key.prepare(this.mapper, this.settings));
	}

	/**
	 * A call that is ready to be made.
	 * @param timeout longest time for it, or {@code null} for that of the method
	 * @param change adds to the request what the method does not say
	 */
	DirectCall call(ClientMethod method, @Nullable Object[] arguments, @Nullable Duration timeout,
			UnaryOperator<RpcRequest> change) {
		Duration limit = (timeout != null) ? timeout : method.settings().timeout();
		return new DirectCall(
				new CallStarter(method.withAtLeast(limit), this.pipeline, NanoClock.SYSTEM, limit, change),
				this.executor, arguments);
	}

	static Duration checked(Duration timeout) {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("The timeout of a call must be positive, not " + timeout);
		}
		return timeout;
	}

	private record ContractKey(Class<?> type, String target) {
	}

}
