package dev.rpcboot;

import org.jspecify.annotations.Nullable;

/**
 * An answer came but could not be understood: not JSON-RPC, of another request, above the
 * limit, or not of the type that the contract promises. It points to a wrong address, an
 * intermediary, or contracts that have drifted apart.
 *
 * @since 0.1
 */
public final class RpcProtocolException extends RpcException {

	private static final long serialVersionUID = 1L;

	public RpcProtocolException(String message, Execution execution, @Nullable Throwable cause) {
		super(message, execution, cause);
	}

}
