package dev.rpcboot.client;

import dev.rpcboot.call.WireNames;

/**
 * A service that is called without its contract's interface. Immutable and safe for
 * concurrent use.
 *
 * @since 0.1
 * @see RpcClient#generic(String, String)
 */
public final class RpcGenericService {

	private final DirectCalls calls;

	private final String target;

	private final String service;

	RpcGenericService(DirectCalls calls, String target, String service) {
		if (!WireNames.isService(service)) {
			throw new IllegalArgumentException("'" + service + "' cannot be the name of a service: it must be a letter,"
					+ " then up to 127 letters, digits, dots, underscores or hyphens");
		}
		this.calls = calls;
		this.target = target;
		this.service = service;
	}

	/**
	 * A method of the service.
	 * @param name its name on the wire
	 * @throws IllegalArgumentException if no method can be called so
	 */
	public RpcGenericCall method(String name) {
		if (!WireNames.isMethod(name)) {
			throw new IllegalArgumentException("'" + name + "' cannot be a method of " + this.service
					+ ": it must have 1 to 256 characters and not begin with 'rpc.', which the protocol reserves");
		}
		return RpcGenericCall.of(this.calls, this.target, this.service, name);
	}

}
