package dev.rpcboot;

import org.jspecify.annotations.Nullable;

/**
 * No answer came within the time that the call was given.
 *
 * @since 0.1
 */
public final class RpcDeadlineExceededException extends RpcException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates one.
	 * @param execution {@link Execution#NOT_EXECUTED} if nothing was sent or the server
	 * said so, else {@link Execution#UNKNOWN}
	 */
	public RpcDeadlineExceededException(String message, Execution execution, @Nullable Throwable cause) {
		super(message, execution, cause);
	}

}
