package dev.rpcboot.client.transport;

/**
 * Knows the application's SSL bundles by name. Safe for concurrent use.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TlsMaterialSource {

	/**
	 * The material of a bundle.
	 * @throws dev.rpcboot.call.RpcConfigurationException if there is no bundle of that
	 * name
	 */
	TlsMaterial get(String bundle);

}
