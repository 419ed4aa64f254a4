package dev.rpcboot.client;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;

import dev.rpcboot.Idempotency;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.jsonrpc.JsonRpcMapper;

import org.springframework.util.ReflectionUtils;

/**
 * What is said of a method by those who call it without a contract.
 *
 * @param named whether the arguments are given by name
 */
record GenericMethod(String target, String service, String name, Type resultType, Idempotency idempotency,
		boolean named) {

	private static final Method CALL = Objects
		.requireNonNull(ReflectionUtils.findMethod(RpcGenericCall.class, "call", Class.class));

	/**
	 * Prepares its calls.
	 * @throws dev.rpcboot.call.RpcConfigurationException if the result's type must not
	 * cross the wire, or the settings contradict each other
	 */
	ClientMethod prepare(JsonRpcMapper mapper, CallSettingsResolver resolver) {
		ContractMethod method = method(this.idempotency);
		// a caller who does not say that the method only reads is not told off for
		// settings
		// that a contract says so for, but does without its cache
		CallSettings settings = resolver.resolve(this.target, method(Idempotency.SAFE));
		return new ClientMethod(method, this.target,
				(this.idempotency == Idempotency.SAFE) ? settings : settings.withoutCache(),
				new GenericForm(method, mapper, this.named));
	}

	private ContractMethod method(Idempotency idempotency) {
		return new ContractMethod(this.service, this.name, CALL, List.of(), this.resultType, ReturnKind.VALUE,
				idempotency, true, false, false, List.of());
	}

	GenericMethod withNamed(boolean named) {
		return new GenericMethod(this.target, this.service, this.name, this.resultType, this.idempotency, named);
	}

	GenericMethod withIdempotency(Idempotency idempotency) {
		return new GenericMethod(this.target, this.service, this.name, this.resultType, idempotency, this.named);
	}

	GenericMethod withResultType(Type resultType) {
		return new GenericMethod(this.target, this.service, this.name, resultType, this.idempotency, this.named);
	}

}
