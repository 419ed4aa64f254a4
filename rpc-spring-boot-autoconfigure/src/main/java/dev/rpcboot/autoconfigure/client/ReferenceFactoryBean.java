package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.RpcClient;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Creates one reference when it is first asked for.
 *
 * @param <T> the contract
 */
final class ReferenceFactoryBean<T> implements FactoryBean<T> {

	private final Class<T> contract;

	private final String target;

	private final ObjectProvider<RpcClient> client;

	ReferenceFactoryBean(Class<T> contract, String target, ObjectProvider<RpcClient> client) {
		this.contract = contract;
		this.target = target;
		this.client = client;
	}

	@Override
	public T getObject() {
		return this.client.getObject().reference(this.contract, this.target);
	}

	@Override
	public Class<T> getObjectType() {
		return this.contract;
	}

}
