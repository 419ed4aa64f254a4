package dev.rpcboot.faults.promises;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.LoadReport.Latency;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.process.Signal;
import dev.rpcboot.faults.proxy.Fault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call ends by its deadline, whatever its instances do. The time of a bare timer, in
 * the same process and under the same load, is what no library can do better.
 */
@Timeout(180)
class P08DeadlineTests {

	private static final List<Integer> DEADLINES = List.of(50, 200, 1000);

	private static final double ALLOWED = 50;

	@ParameterizedTest
	@MethodSource
	void noCallOutlivesItsDeadline(Fault fault) throws Exception {
		Rig rig = reset(true);
		for (int i = 0; i < 3; i++) {
			rig.proxy(i).set(fault);
		}

		judge(rig, fault.toString());
	}

	static Stream<Fault> noCallOutlivesItsDeadline() {
		return Figure.some(2, Fault.CONNECT_BLACK_HOLE, Fault.DRIP, Fault.HALF_OPEN, Fault.STALL_AFTER_200);
	}

	@Test
	void noCallOutlivesItsDeadlineWhileItsProvidersStandStill() throws Exception {
		Rig rig = reset(false);
		rig.providers().forEach((provider) -> provider.signal(Signal.STOP));

		try {
			judge(rig, "SIGSTOP");
		}
		finally {
			for (ProviderProcess provider : rig.providers()) {
				provider.signal(Signal.CONT);
			}
		}
	}

	@Test
	@Tag("full")
	void callsOutliveADeadlineThatTheyDoNotHave() throws Exception {
		Rig rig = reset(true);
		for (int i = 0; i < 3; i++) {
			rig.proxy(i).set(Fault.HALF_OPEN);
		}

		LoadReport report = rig.consumer().run(LoadPlan.of("without", "without", 100, 25, Operation.ADD));

		Figure.of(8, "HALF_OPEN, without a deadline but the default of 5 s: p99 in ms", report.all().p99(), "missed");
		assertThat(report.all().p99()).isGreaterThan(1000 + ALLOWED);
	}

	private static Rig reset(boolean proxied) throws Exception {
		List<String> properties = new ArrayList<>();
		for (int deadline : DEADLINES) {
			properties.add("rpc.client.targets.within-" + deadline + ".timeout=" + deadline + "ms");
		}
		properties.add("rpc.client.circuit-breaker.enabled=false");
		Rig rig = Rig.shared().reset(proxied, properties.toArray(String[]::new));
		for (int deadline : DEADLINES) {
			// the load balancer of a target is made at its first call
			rig.consumer().run(LoadPlan.of("warm", "within-" + deadline, 50, 100, Operation.PUT, Operation.ADD));
		}
		return rig;
	}

	private static void judge(Rig rig, String what) throws Exception {
		int calls = Figure.calls(500, 40);
		List<CompletableFuture<LoadReport>> running = new ArrayList<>();
		List<CompletableFuture<Latency>> timers = new ArrayList<>();
		for (int deadline : DEADLINES) {
			running.add(rig.consumer()
				.begin(LoadPlan.of("within-" + deadline, "within-" + deadline, calls, Figure.isFull() ? 25 : 40,
						Operation.PUT, Operation.ADD)));
			timers.add(rig.consumer().beginBareTimer(deadline, Figure.calls(2000, 100)));
		}
		for (int i = 0; i < DEADLINES.size(); i++) {
			int deadline = DEADLINES.get(i);
			Latency timer = timers.get(i).get();
			LoadReport report = running.get(i).get();

			Figure.of(8, what + ", deadline " + deadline + " ms: p99 in ms (bare timer " + timer.p99() + ")",
					report.all().p99(), deadline + " + " + ALLOWED);
			// whoever was told to wait for so long was told so by its deadline
			assertThat(report.failedCount()).isEqualTo(calls);
			if (Figure.isFull()) {
				assertThat(report.all().p99()).isLessThanOrEqualTo(Math.max(deadline, timer.p99()) + ALLOWED);
			}
		}
	}

}
