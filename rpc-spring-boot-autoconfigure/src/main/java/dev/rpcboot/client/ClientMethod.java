package dev.rpcboot.client;

import dev.rpcboot.call.ContractMethod;

/**
 * A remote method of one reference, with all that is prepared for its calls.
 */
final class ClientMethod {

	private final ContractMethod contract;

	private final String target;

	private final CallSettings settings;

	ClientMethod(ContractMethod contract, String target, CallSettings settings) {
		this.contract = contract;
		this.target = target;
		this.settings = settings;
	}

	ContractMethod contract() {
		return this.contract;
	}

	String target() {
		return this.target;
	}

	CallSettings settings() {
		return this.settings;
	}

}
