package dev.rpcboot.faults.contract;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;

/**
 * Work that a provider does: it writes the call down in its ledger, takes its time and
 * answers its own name. The methods differ in what repeating them means.
 */
public interface Work {

	@RpcMethod(idempotency = Idempotency.SAFE)
	String read(String callId);

	@RpcMethod(idempotency = Idempotency.IDEMPOTENT)
	String put(String callId);

	String add(String callId);

	/** Asks the next provider of a chain, and works itself at its end. */
	@RpcMethod(idempotency = Idempotency.IDEMPOTENT)
	String relay(String callId);

}
