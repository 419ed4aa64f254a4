package dev.rpcboot.client.balance;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the end of an attempt says of the instance at which it was made.
 */
enum Outcome {

	/** It is well, and was so fast. */
	SUCCESS,

	/** It is well; how fast it refused says nothing of how fast it is. */
	ANSWERED,

	/** It has no time at present. */
	BUSY,

	/** It is about to stop. */
	DRAINING,

	/** It failed. */
	FAILURE,

	/** It is not there, or not what the registry says: another list may be due. */
	GONE,

	/** Nothing. */
	NONE;

	/**
	 * Whether it counts against the instance.
	 */
	boolean isFailure() {
		return this == FAILURE || this == GONE;
	}

	/**
	 * Whether the registry is asked again.
	 */
	boolean asksRegistry() {
		return this == GONE || this == DRAINING;
	}

	/**
	 * Reads it from the failure of an attempt.
	 * @param failure freed from what futures wrap around it, or {@code null} if there was
	 * none
	 * @param given how much time the attempt had, in nanoseconds
	 * @param usual how long an answer of the target usually takes, in nanoseconds, or
	 * zero if that is not known
	 */
	static Outcome of(@Nullable Throwable failure, RpcRequest request, long given, double usual) {
		Outcome outcome = judge(failure, request, given, usual);
		return (failure != null && outcome.isFailure() && Failures.isCountedElsewhere(failure, Outcome.class)) ? NONE
				: outcome;
	}

	private static Outcome judge(@Nullable Throwable failure, RpcRequest request, long given, double usual) {
		if (failure == null) {
			return SUCCESS;
		}
		if (failure instanceof RpcDeadlineExceededException) {
			return hadTime(request, given, usual) ? FAILURE : NONE;
		}
		if (failure instanceof RpcUnavailableException refused) {
			return switch (refused.reason()) {
				case CONNECT_FAILED -> GONE;
				case DRAINING -> DRAINING;
				case OVERLOADED, RATE_LIMITED -> BUSY;
				case NO_INSTANCE, CIRCUIT_OPEN, THROTTLED, SHUT_DOWN -> NONE;
			};
		}
		if (failure instanceof RpcConnectionException) {
			return FAILURE;
		}
		if (failure instanceof RpcProtocolException malformed) {
			// one that is only too large, or of another type, was an answer
			return (malformed.execution() == Execution.UNKNOWN) ? FAILURE : ANSWERED;
		}
		if (Failures.isRemote(failure, RpcStatus.SERVICE_NOT_FOUND)) {
			return GONE;
		}
		if (Failures.isRemote(failure, RpcStatus.INTERNAL)) {
			return FAILURE;
		}
		if (failure instanceof RpcException) {
			return ANSWERED;
		}
		return request.method().errors().stream().anyMatch((error) -> error.exceptionType().isInstance(failure))
				? SUCCESS : NONE;
	}

	/**
	 * Whether an instance that is well could have answered: the attempt had half of the
	 * configured timeout, or four times what an answer usually takes. A caller in more of
	 * a hurry says nothing of the instance.
	 */
	private static boolean hadTime(RpcRequest request, long given, double usual) {
		return given >= request.settings().timeout().toNanos() / 2 || (usual > 0 && given >= 4 * usual);
	}

}
