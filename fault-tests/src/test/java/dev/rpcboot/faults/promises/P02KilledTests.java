package dev.rpcboot.faults.promises;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.CallId;
import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.Signal;
import dev.rpcboot.faults.provider.Conditions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of three providers is killed. What may be repeated succeeds; of the rest only those
 * calls fail that were on their way, and the caller is told that they may have run.
 */
@Timeout(180)
class P02KilledTests {

	private static final int HEALTHY = 3;

	@Test
	void onlyCallsOnTheirWayFailWhenAProviderIsKilled() throws Exception {
		Run run = run();

		Figure.of(2, "killed 1 of 3, methods that may be repeated: failed of " + run.puts.calls(),
				run.puts.failedCount(), "0");
		Figure.of(2, "others: failed of " + run.adds.calls(), run.adds.failedCount(), "those on their way");
		Figure.of(2, "others: failed that began after the end", run.begunAfterwards(), "0");
		Figure.of(2, "p99 of the second after / healthy", run.p99After() / run.p99Before(), "2");
		assertThat(run.puts.failures()).isEmpty();
		assertThat(run.adds.failedCallsExcept("RpcConnectionException/UNKNOWN")).isEmpty();
		assertThat(run.begunAfterwards()).isZero();
		if (Figure.isFull()) {
			assertThat(run.p99After()).isLessThanOrEqualTo(2 * run.p99Before());
		}
	}

	@Test
	@Tag("full")
	void callsFailWithoutRepetition() throws Exception {
		Run run = run("rpc.client.retry.max-attempts=1", "rpc.client.load-balancing.enabled=false");

		Figure.of(2, "killed 1 of 3, without repetition: failed of " + run.puts.calls(), run.puts.failedCount(),
				"missed");
		assertThat(run.puts.failedCount()).isPositive();
	}

	private static Run run(String... properties) throws Exception {
		Rig rig = Rig.shared().reset(false, properties).warm().setConditions(Conditions.slow(20));
		double perSecond = Figure.isFull() ? 500 : 150;
		int calls = (int) perSecond * (Figure.isFull() ? 20 : 6);
		LoadPlan puts = Rig.plan(calls, perSecond, Operation.PUT);
		LoadPlan adds = Rig.plan(calls, perSecond, Operation.ADD);
		CompletableFuture<LoadReport> putting = rig.consumer().begin(puts);
		CompletableFuture<LoadReport> adding = rig.consumer().begin(adds);
		Rig.hold(HEALTHY * 1000);
		rig.provider(0).signal(Signal.KILL);
		assertThat(rig.provider(0).awaitEnd(Duration.ofSeconds(10))).isTrue();
		// only now are its connections closed, all of them
		long ended = Rig.micros();
		return new Run(putting.get(120, TimeUnit.SECONDS), adding.get(120, TimeUnit.SECONDS), ended);
	}

	private record Run(LoadReport puts, LoadReport adds, long ended) {

		long begunAfterwards() {
			return this.adds.failedCalls()
				.stream()
				.filter((call) -> CallId.beganMicros(call.callId()) > this.ended)
				.count();
		}

		double p99Before() {
			return this.puts.seconds().get(HEALTHY - 1).latency().p99();
		}

		double p99After() {
			return this.puts.seconds().get(HEALTHY + 1).latency().p99();
		}

	}

}
