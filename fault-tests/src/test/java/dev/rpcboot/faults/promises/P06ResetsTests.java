package dev.rpcboot.faults.promises;

import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.proxy.Fault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls of methods that may be repeated succeed while one of three instances resets every
 * connection.
 */
@Timeout(180)
class P06ResetsTests {

	@Test
	void noCallFailsWhileOneOfThreeResets() throws Exception {
		Rig rig = Rig.shared().reset(true).warm();

		LoadReport healthy = rig.run(Figure.calls(2500, 200), 500, Operation.PUT);
		rig.proxy(0).set(Fault.RESET_BEFORE_HEADERS);
		LoadReport report = rig.run(Figure.calls(10_000, 900), 500, Operation.PUT);

		Figure.of(6, "resets on 1 of 3: failed of " + report.calls(), report.failedCount(), "0");
		Figure.of(6, "p99 / healthy p99", report.all().p99() / healthy.all().p99(), "3");
		assertThat(report.failures()).isEmpty();
		if (Figure.isFull()) {
			assertThat(report.all().p99()).isLessThanOrEqualTo(3 * healthy.all().p99());
		}
	}

	@Test
	@Tag("full")
	void callsFailWithoutRepetition() throws Exception {
		Rig rig = Rig.shared()
			.reset(true, "rpc.client.retry.max-attempts=1", "rpc.client.load-balancing.enabled=false")
			.warm();

		rig.proxy(0).set(Fault.RESET_BEFORE_HEADERS);
		LoadReport report = rig.run(1000, 500, Operation.PUT);

		Figure.of(6, "resets on 1 of 3, without repetition: failed of 1000", report.failedCount(), "missed");
		assertThat(report.failedCount()).isPositive();
	}

}
