package dev.rpcboot.benchmark.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A benchmark is worth no more than the answers that it accepts.
 */
class LoadTests {

	private static final Duration SHORT = Duration.ofMillis(50);

	@ParameterizedTest
	@EnumSource
	void countsRightAnswers(Mode mode) throws InterruptedException {
		assumeTrue(mode.isAvailable());
		FakeClient client = new FakeClient(Operation::name);

		Latencies latencies = mode.load(4).run(client, Workload.GREET, SHORT);

		assertThat(latencies.calls()).isGreaterThan(4);
		assertThat(latencies.callsPerSecond()).isPositive();
	}

	@ParameterizedTest
	@EnumSource
	void failsForAWrongAnswer(Mode mode) {
		assumeTrue(mode.isAvailable());
		FakeClient client = new FakeClient((operation) -> operation.isSlow() ? "wrong" : operation.name());

		assertThatIllegalStateException().isThrownBy(() -> mode.load(4).run(client, Workload.MIX, SHORT))
			.havingRootCause()
			.withMessageContaining("Wrong answer to GREET_SLOWLY");
	}

	@ParameterizedTest
	@EnumSource
	void failsForAFailedCall(Mode mode) {
		assumeTrue(mode.isAvailable());
		FakeClient client = new FakeClient((operation) -> {
			throw new IllegalArgumentException("broken");
		});

		assertThatIllegalStateException().isThrownBy(() -> mode.load(4).run(client, Workload.SAVE, SHORT))
			.havingRootCause()
			.withMessage("broken");
	}

	@Test
	void leavesSlowCallsOutOfTheLatencies() {
		Latencies latencies = new Latencies(new FakeClient(Operation::name));

		latencies.answered(Operation.GREET, "GREET", 1_000);
		latencies.answered(Operation.GREET_A_SLOW_ONE, "GREET_A_SLOW_ONE", 10_000_000);

		assertThat(latencies.calls()).isEqualTo(2);
		assertThat(latencies.percentile(100)).isEqualTo(1);
	}

	/**
	 * Answers at once, or on another thread for those who do not wait.
	 */
	private record FakeClient(Function<Operation, Object> answers) implements PeerClient {

		@Override
		public Object call(Operation operation) {
			return this.answers.apply(operation);
		}

		@Override
		public CompletableFuture<?> callAsync(Operation operation) {
			return CompletableFuture.supplyAsync(() -> this.answers.apply(operation));
		}

		@Override
		public Object expected(Operation operation) {
			return operation.name();
		}

		@Override
		public void close() {
			// holds nothing
		}

	}

}
