package dev.rpcboot.faults.promises;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.proxy.Fault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls of any method succeed while one of three instances cannot be connected to, or
 * refuses. It does so from before the first call: what was sent on a connection that was
 * open cannot be saved for a method that must not be repeated.
 */
@Timeout(180)
class P05OneRefusesTests {

	@ParameterizedTest
	@EnumSource(names = { "REFUSE", "CONNECT_BLACK_HOLE", "OVERLOADED_503" })
	void noCallFailsWhileOneOfThreeRefuses(Fault fault) throws Exception {
		Rig rig = Rig.shared().reset(true);

		LoadReport report = run(rig, fault, Figure.calls(10_000, 900));

		Figure.of(5, fault + " on 1 of 3: failed of " + report.calls(), report.failedCount(), "0");
		assertThat(report.failures()).isEmpty();
	}

	@Test
	@Tag("full")
	void callsFailWithoutRepetition() throws Exception {
		Rig rig = Rig.shared()
			.reset(true, "rpc.client.retry.max-attempts=1", "rpc.client.load-balancing.enabled=false");

		LoadReport report = run(rig, Fault.REFUSE, 1000);

		Figure.of(5, "REFUSE on 1 of 3, without repetition: failed of 1000", report.failedCount(), "missed");
		assertThat(report.failedCount()).isPositive();
	}

	private static LoadReport run(Rig rig, Fault fault, int calls) throws Exception {
		rig.proxy(0).set(fault);
		LoadPlan plan = Rig.plan(calls, 500, Operation.ADD, Operation.PUT, Operation.READ);
		return rig.consumer().run(plan);
	}

}
