package dev.rpcboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.call.ContractMethod;

/**
 * A remote method of one reference, with all that is prepared for its calls.
 */
final class ClientMethod {

	private static final int MAX_REMEMBERED_ADDRESSES = 256;

	private final ContractMethod contract;

	private final String target;

	private final CallSettings settings;

	private final WireForm form;

	private final String description;

	private final Map<URI, URI> uris = new ConcurrentHashMap<>();

	ClientMethod(ContractMethod contract, String target, CallSettings settings, WireForm form) {
		this.contract = contract;
		this.target = target;
		this.settings = settings;
		this.form = form;
		this.description = contract.fullName() + " on " + target;
	}

	/**
	 * The same method for a call that is given that much time, where it is more than
	 * usual: who judges calls by their time must know.
	 */
	ClientMethod withAtLeast(Duration timeout) {
		return (timeout.compareTo(this.settings.timeout()) <= 0) ? this
				: new ClientMethod(this.contract, this.target, this.settings.withTimeout(timeout), this.form);
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
		URI uri = this.uris.get(instance.endpoint());
		if (uri == null) {
			uri = URI.create(instance.endpoint() + "/" + this.contract.service());
			if (this.uris.size() >= MAX_REMEMBERED_ADDRESSES) {
				this.uris.clear();
			}
			this.uris.put(instance.endpoint(), uri);
		}
		return uri;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
