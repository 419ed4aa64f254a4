package dev.rpcboot.client;

import java.util.List;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.JsonRpcMapper;

import org.springframework.core.ResolvableType;

/**
 * A method of a contract, with what batches and broadcasts need of it.
 *
 * @param contract the method
 * @param client how it is called, with its result in one piece and never from memory
 * @param codec encodes its requests and reads their answers
 */
record PreparedMethod(ContractMethod contract, ClientMethod client, ClientCodec codec) {

	static PreparedMethod of(ContractMethod method, String target, JsonRpcMapper mapper, CallSettings settings) {
		ContractMethod whole = method.returnKind().isStream() ? withItemsAsList(method) : method;
		ClientCodec codec = new ClientCodec(mapper, whole);
		WireForm one = method.oneWay() ? new NotificationForm(codec) : new CallForm(whole, codec, false);
		WireForm form = new WholeForm(one, method.returnKind());
		return new PreparedMethod(method, new ClientMethod(method, target, settings.withoutCache(), form), codec);
	}

	/**
	 * The method as it is answered where its items do not come one by one.
	 */
	private static ContractMethod withItemsAsList(ContractMethod method) {
		return new ContractMethod(method.service(), method.name(), method.method(), method.parameters(),
				ResolvableType.forClassWithGenerics(List.class, ResolvableType.forType(method.resultType())).getType(),
				ReturnKind.VALUE, method.idempotency(), method.untyped(), method.oneWay(), method.interruptible(),
				method.errors());
	}

	@Override
	public String toString() {
		return this.contract.fullName();
	}

}
