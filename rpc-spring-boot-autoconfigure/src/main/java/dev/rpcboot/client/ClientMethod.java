package dev.rpcboot.client;

import java.net.URI;
import java.time.Duration;

import dev.rpcboot.call.ContractMethod;

/**
 * A remote method of one reference, with all that is prepared for its calls.
 */
final class ClientMethod {

	private final ContractMethod contract;

	private final String target;

	private final CallSettings settings;

	private final WireForm form;

	private final String description;

	/** Shared by all copies: they are of one service. */
	private final Remembered<URI, URI> uris;

	ClientMethod(ContractMethod contract, String target, CallSettings settings, WireForm form) {
		this(contract, target, settings, form, new Remembered<>());
	}

	private ClientMethod(ContractMethod contract, String target, CallSettings settings, WireForm form,
			Remembered<URI, URI> uris) {
		this.contract = contract;
		this.target = target;
		this.settings = settings;
		this.form = form;
		this.uris = uris;
		this.description = contract.fullName() + " on " + target;
	}

	/**
	 * The same method for a call that is given that much time, where it is more than
	 * usual: who judges calls by their time must know.
	 */
	ClientMethod withAtLeast(Duration timeout) {
		return (timeout.compareTo(this.settings.timeout()) <= 0) ? this : with(this.contract, timeout);
	}

	/**
	 * A copy that is called as another method of the same service.
	 */
	ClientMethod with(ContractMethod contract, Duration timeout) {
		return new ClientMethod(contract, this.target, this.settings.withTimeout(timeout), this.form, this.uris);
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

	WireForm form() {
		return this.form;
	}

	/**
	 * Where an instance serves the contract.
	 */
	URI uri(RpcInstance instance) {
		return this.uris.get(instance.endpoint(), (endpoint) -> URI.create(endpoint + "/" + this.contract.service()));
	}

	@Override
	public String toString() {
		return this.description;
	}

}
