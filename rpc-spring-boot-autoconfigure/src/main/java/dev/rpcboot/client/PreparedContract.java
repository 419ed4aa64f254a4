package dev.rpcboot.client;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.rpcboot.Idempotency;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.jsonrpc.JsonRpcMapper;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * A contract of a target, with all that is prepared for its batches and broadcasts.
 *
 * @param <T> the contract
 */
final class PreparedContract<T> {

	private static final Method SEND = Objects.requireNonNull(ReflectionUtils.findMethod(RpcBatch.class, "send"));

	private final Class<T> type;

	private final RemoteMethods<PreparedMethod> methods;

	private final ClientMethod batch;

	PreparedContract(Class<T> type, String target, JsonRpcMapper mapper, CallSettingsResolver settings) {
		this.type = type;
		Contract contract = Contract.of(type);
		this.methods = new RemoteMethods<>(type, contract,
				(method) -> PreparedMethod.of(method, target, mapper, settings.resolve(target, method)));
		ContractMethod batch = batch(contract.service(), Idempotency.NONE);
		this.batch = new ClientMethod(batch, target, settings.resolve(target, batch), new BatchForm(batch, mapper));
	}

	/**
	 * What stands for a batch where a method does. No method can be called so.
	 */
	private static ContractMethod batch(String service, Idempotency idempotency) {
		return new ContractMethod(service, "(batch)", SEND, List.of(), void.class, ReturnKind.VALUE, idempotency, false,
				false, false, List.of());
	}

	Class<T> type() {
		return this.type;
	}

	/**
	 * The remote method that a Java method stands for, or {@code null} if it is not
	 * remote.
	 */
	@Nullable PreparedMethod method(Method method) {
		return this.methods.get(method);
	}

	/**
	 * How a batch is called.
	 * @param idempotency the weakest among its entries
	 * @param timeout the longest among its entries
	 */
	ClientMethod batch(Idempotency idempotency, Duration timeout) {
		return this.batch.with(batch(this.batch.contract().service(), idempotency), timeout);
	}

	@Override
	public String toString() {
		return this.batch.contract().service() + " on " + this.batch.target();
	}

}
