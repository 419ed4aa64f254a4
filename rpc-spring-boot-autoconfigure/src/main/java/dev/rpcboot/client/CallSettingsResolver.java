package dev.rpcboot.client;

import dev.rpcboot.call.ContractMethod;

/**
 * Knows how calls of a method are made. Asked once per method of a reference, at start.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface CallSettingsResolver {

	/**
	 * The settings of a method: its own over those of the target over those of all.
	 * @throws dev.rpcboot.call.RpcConfigurationException if they contradict each other or
	 * the contract
	 */
	CallSettings resolve(String target, ContractMethod method);

}
