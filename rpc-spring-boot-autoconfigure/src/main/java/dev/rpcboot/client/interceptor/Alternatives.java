package dev.rpcboot.client.interceptor;

import dev.rpcboot.client.RpcRequest;

/**
 * Knows whether a call that one instance did not take is likely to be taken by another.
 * Safe for concurrent use; does not block.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Alternatives {

	/**
	 * For targets of whose instances nothing is known.
	 */
	Alternatives NONE = (request) -> false;

	/**
	 * Whether there is an instance that the call has not tried, of which nothing says
	 * that it fails, stops or has too much to do.
	 */
	boolean hasOther(RpcRequest request);

}
