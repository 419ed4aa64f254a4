package dev.rpcboot.server;

import dev.rpcboot.Execution;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.overload.Ending;
import org.jspecify.annotations.Nullable;

/**
 * What the time of a call tells about the load of the server.
 */
final class CallEnding {

	private CallEnding() {
	}

	/**
	 * Judges a call by its answer. Items tell nothing, one by one or all in an array:
	 * they come when they come. Nor does what never ran, or only waited for another
	 * attempt of the same call.
	 * @param error what it was answered with, or {@code null} if it has a result
	 * @param ended whether its method has ended when it is answered
	 * @return {@code null} if it tells nothing
	 */
	static @Nullable Ending of(ReturnKind returnKind, @Nullable JsonRpcError error, boolean ended) {
		if (returnKind.isStream()) {
			return null;
		}
		if (error == null) {
			return Ending.DONE;
		}
		if (error.execution() == Execution.NOT_EXECUTED || error.status() == RpcStatus.ABORTED) {
			return null;
		}
		boolean late = error.status() == RpcStatus.DEADLINE_EXCEEDED || error.status() == RpcStatus.CANCELLED;
		return (late && !ended) ? Ending.GIVEN_UP : Ending.FAILED;
	}

}
