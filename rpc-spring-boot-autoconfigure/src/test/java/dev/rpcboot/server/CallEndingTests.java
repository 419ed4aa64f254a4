package dev.rpcboot.server;

import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.overload.Ending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which calls the limit learns from.
 */
class CallEndingTests {

	@ParameterizedTest
	@EnumSource(names = { "VALUE", "FUTURE", "MONO" })
	void learnsFromAResult(ReturnKind returnKind) {
		assertThat(CallEnding.of(returnKind, null, true)).isEqualTo(Ending.DONE);
	}

	@ParameterizedTest
	@EnumSource(names = { "STREAM", "ITERATOR", "FLUX" })
	void learnsNothingFromItemsEvenIfAllCameInAnArray(ReturnKind returnKind) {
		assertThat(CallEnding.of(returnKind, null, true)).isNull();
	}

	@ParameterizedTest
	@EnumSource(names = { "ABORTED", "OVERLOADED", "METHOD_NOT_FOUND" })
	void learnsNothingFromWhatDidNotRun(RpcStatus status) {
		assertThat(CallEnding.of(ReturnKind.VALUE, JsonRpcError.of(status), true)).isNull();
	}

	@Test
	void tellsAMethodThatEndedLateFromOneThatMayRunOn() {
		JsonRpcError late = JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED);

		assertThat(CallEnding.of(ReturnKind.VALUE, late, true)).isEqualTo(Ending.FAILED);
		assertThat(CallEnding.of(ReturnKind.VALUE, late, false)).isEqualTo(Ending.GIVEN_UP);
	}

}
