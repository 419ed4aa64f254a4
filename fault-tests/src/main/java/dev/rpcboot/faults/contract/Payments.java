package dev.rpcboot.faults.contract;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;

/**
 * Work that the provider does once for each key. Exported only by providers that keep
 * keys.
 */
public interface Payments {

	@RpcMethod(idempotency = Idempotency.KEYED)
	String pay(String callId);

}
