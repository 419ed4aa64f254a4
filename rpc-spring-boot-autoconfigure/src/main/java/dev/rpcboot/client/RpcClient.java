package dev.rpcboot.client;

/**
 * Makes references: proxies of a contract whose calls go to a target. Safe for concurrent
 * use.
 *
 * @since 0.1
 */
public final class RpcClient {

	/**
	 * Creates a reference. Nothing is connected to yet.
	 * @throws dev.rpcboot.call.RpcConfigurationException if the contract cannot be called
	 * remotely, or its settings contradict it
	 */
	public <T> T reference(Class<T> contract, String target) {
		throw new UnsupportedOperationException();
	}

}
