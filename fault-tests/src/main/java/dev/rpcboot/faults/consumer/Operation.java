package dev.rpcboot.faults.consumer;

import java.util.function.UnaryOperator;

import dev.rpcboot.client.RpcClient;
import dev.rpcboot.faults.contract.Payments;
import dev.rpcboot.faults.contract.Work;

/**
 * A method that the load generator calls.
 */
public enum Operation {

	/** It only reads. */
	READ,

	/** It may be repeated. */
	PUT,

	/** It must not be repeated once it may have run. */
	ADD,

	/** It passes on along a chain. */
	RELAY,

	/** It bears a key. */
	PAY;

	UnaryOperator<String> of(RpcClient client, String target) {
		if (this == PAY) {
			return client.reference(Payments.class, target)::pay;
		}
		Work work = client.reference(Work.class, target);
		return switch (this) {
			case READ -> work::read;
			case PUT -> work::put;
			case ADD -> work::add;
			default -> work::relay;
		};
	}

}
