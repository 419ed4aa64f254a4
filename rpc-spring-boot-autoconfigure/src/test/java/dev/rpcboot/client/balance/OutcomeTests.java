package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.TestRequests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the end of an attempt says of the instance, by the protocol's table.
 */
class OutcomeTests {

	private static final long FULL = TestRequests.SETTINGS.timeout().toNanos();

	@ParameterizedTest
	@MethodSource
	void countsAgainstTheInstanceWhatTheProtocolSays(Throwable failure, Outcome expected) {
		Outcome outcome = Outcome.of(failure, TestRequests.of("reserve", "a", 1), FULL, 0);

		assertThat(outcome).isEqualTo(expected);
	}

	static Stream<Arguments> countsAgainstTheInstanceWhatTheProtocolSays() {
		return Stream.of(Arguments.of(refused(Reason.CONNECT_FAILED), Outcome.GONE),
				Arguments.of(refused(Reason.DRAINING), Outcome.DRAINING),
				Arguments.of(refused(Reason.OVERLOADED), Outcome.BUSY),
				Arguments.of(refused(Reason.RATE_LIMITED), Outcome.BUSY),
				Arguments.of(refused(Reason.NO_INSTANCE), Outcome.NONE),
				Arguments.of(refused(Reason.CIRCUIT_OPEN), Outcome.NONE),
				Arguments.of(new RpcConnectionException("lost", null), Outcome.FAILURE),
				Arguments.of(new RpcProtocolException("malformed", Execution.UNKNOWN, null), Outcome.FAILURE),
				Arguments.of(new RpcProtocolException("too large", Execution.EXECUTED, null), Outcome.ANSWERED),
				Arguments.of(deadline(), Outcome.FAILURE), Arguments.of(remote(RpcStatus.INTERNAL), Outcome.FAILURE),
				Arguments.of(remote(RpcStatus.SERVICE_NOT_FOUND), Outcome.GONE),
				Arguments.of(remote(RpcStatus.METHOD_NOT_FOUND), Outcome.ANSWERED),
				Arguments.of(remote(RpcStatus.INVALID_ARGUMENT), Outcome.ANSWERED),
				Arguments.of(remote(RpcStatus.PERMISSION_DENIED), Outcome.ANSWERED),
				Arguments.of(new TestRequests.OutOfStockException(1), Outcome.SUCCESS),
				Arguments.of(new CancellationException(), Outcome.NONE),
				Arguments.of(new IllegalArgumentException("no JSON"), Outcome.NONE));
	}

	@Test
	void countsOnceWhatBrokeSeveralCallsThatWereSentTogether() {
		List<Outcome> outcomes = TestRequests.lostTogether(3)
			.stream()
			.map((failure) -> Outcome.of(failure, TestRequests.of("find", "a"), FULL, 0))
			.toList();

		assertThat(outcomes).containsExactly(Outcome.FAILURE, Outcome.NONE, Outcome.NONE);
	}

	@Test
	void findsAnAnswerASuccess() {
		assertThat(Outcome.of(null, TestRequests.of("find", "a"), FULL, 0)).isEqualTo(Outcome.SUCCESS);
	}

	@Test
	void doesNotBlameAnInstanceForACallerInAHurry() {
		long hurry = Duration.ofMillis(100).toNanos();

		assertThat(Outcome.of(deadline(), TestRequests.of("find", "a"), hurry, 0)).isEqualTo(Outcome.NONE);
		assertThat(Outcome.of(deadline(), TestRequests.of("find", "a"), hurry, Duration.ofMillis(50).toNanos()))
			.isEqualTo(Outcome.NONE);
	}

	@Test
	void blamesAnInstanceThatTakesMuchLongerThanUsual() {
		long hurry = Duration.ofMillis(100).toNanos();

		Outcome outcome = Outcome.of(deadline(), TestRequests.of("find", "a"), hurry, Duration.ofMillis(5).toNanos());

		assertThat(outcome).isEqualTo(Outcome.FAILURE);
	}

	@Test
	void hashesAnArgumentAloneWhateverItsPlace() {
		byte[] first = TestRequests.of("find", "a").encodedArgument(0);
		byte[] withOthers = TestRequests.of("reserve", "a", 10).encodedArgument(0);
		byte[] second = TestRequests.of("reserve", "a", 10).encodedArgument(1);

		assertThat(first).asString().isEqualTo("\"a\"");
		assertThat(withOthers).isEqualTo(first);
		assertThat(second).asString().isEqualTo("10");
	}

	private static RpcUnavailableException refused(Reason reason) {
		return new RpcUnavailableException("refused", reason, null);
	}

	private static RpcDeadlineExceededException deadline() {
		return new RpcDeadlineExceededException("late", Execution.UNKNOWN, null);
	}

	private static RpcRemoteException remote(RpcStatus status) {
		return new RpcRemoteException("failed", status.execution(),
				RpcRemoteException.Details.of(status.code(), status.name()));
	}

}
