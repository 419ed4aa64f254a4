package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.client.RpcClient;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Creates one reference when it is first asked for. Public only for the code that
 * processing ahead of time puts beside the contract.
 *
 * @param <T> the contract
 * @since 0.1
 */
public final class ReferenceFactoryBean<T> implements FactoryBean<T> {

	private final Class<T> contract;

	private final String target;

	private final ObjectProvider<RpcClient> client;

	/**
	 * Creates one.
	 * @param client makes the reference; asked when it is needed
	 */
	public ReferenceFactoryBean(Class<T> contract, String target, ObjectProvider<RpcClient> client) {
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
