package dev.rpcboot.faults.promises;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.CallId;
import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.Signal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of three providers stands still for 5 s. What may be repeated succeeds, and the
 * provider is used again soon after.
 */
@Timeout(180)
class P12PauseTests {

	private static final int PAUSE = 5000;

	@Test
	void noCallFailsWhileAProviderStandsStill() throws Exception {
		Run run = run();

		Figure.of(12, "pause of 5 s of 1 of 3: failed of " + run.report.calls(), run.report.failedCount(), "0");
		Figure.of(12, "ms until it was used again", run.usedAgainMillis, "10000");
		assertThat(run.report.failures()).isEmpty();
		assertThat(run.usedAgainMillis).isNotNegative();
		if (Figure.isFull()) {
			assertThat(run.usedAgainMillis).isLessThanOrEqualTo(10_000);
		}
	}

	@Test
	@Tag("full")
	void callsFailWithoutRepetitionAndHedging() throws Exception {
		Run run = run("rpc.client.retry.max-attempts=1", "rpc.client.hedging.enabled=false",
				"rpc.client.load-balancing.enabled=false");

		Figure.of(12, "pause of 5 s of 1 of 3, without repetition and hedging: failed of " + run.report.calls(),
				run.report.failedCount(), "missed");
		assertThat(run.report.failedCount()).isPositive();
	}

	private static Run run(String... properties) throws Exception {
		Rig rig = Rig.shared().reset(false, properties).warm();
		LoadPlan plan = Rig.plan(17 * 200, 200, Operation.PUT, Operation.READ);
		CompletableFuture<LoadReport> running = rig.consumer().begin(plan);
		Rig.hold(1000);
		rig.provider(0).signal(Signal.STOP);
		Rig.hold(PAUSE);
		rig.provider(0).signal(Signal.CONT);
		long resumed = Rig.micros();
		LoadReport report = running.get(120, TimeUnit.SECONDS);
		OptionalLong usedAgain = rig.provider(0)
			.ledger()
			.stream()
			.mapToLong((entry) -> entry.callId().contains("@") ? CallId.beganMicros(entry.callId()) : 0)
			.filter((began) -> began > resumed)
			.min();
		return new Run(report, usedAgain.isPresent() ? (usedAgain.getAsLong() - resumed) / 1000 : -1);
	}

	private record Run(LoadReport report, long usedAgainMillis) {
	}

}
