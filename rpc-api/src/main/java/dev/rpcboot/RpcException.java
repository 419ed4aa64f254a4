package dev.rpcboot;

import org.jspecify.annotations.Nullable;

/**
 * A call that failed otherwise than by an exception of its contract. The subtypes differ
 * in what a caller can do; {@link #execution()} tells whether the method ran.
 *
 * @since 0.1
 */
public abstract sealed class RpcException extends RuntimeException permits RpcRemoteException, RpcUnavailableException,
		RpcConnectionException, RpcDeadlineExceededException, RpcProtocolException, RpcBroadcastException {

	private static final long serialVersionUID = 1L;

	private final Execution execution;

	RpcException(String message, Execution execution, @Nullable Throwable cause) {
		super(message, cause);
		this.execution = execution;
	}

	/**
	 * Whether the method ran.
	 */
	public final Execution execution() {
		return this.execution;
	}

}
