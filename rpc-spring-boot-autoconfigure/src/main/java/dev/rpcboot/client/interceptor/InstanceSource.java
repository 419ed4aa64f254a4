package dev.rpcboot.client.interceptor;

import java.util.List;

import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;

/**
 * Knows the instances of targets. Safe for concurrent use.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface InstanceSource {

	/**
	 * All instances of the request's target as they are known now, each once; empty if
	 * none is. May block.
	 * @throws RuntimeException if they cannot be found out
	 */
	List<RpcInstance> instances(RpcRequest request);

}
