package dev.rpcboot.faults.promises;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.process.Signal;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.provider.Conditions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls of any method succeed while one provider after the other is replaced, as a
 * platform does: the next one starts, the registry lists it in place of the old one, and
 * the old one is asked to end.
 */
@Timeout(240)
class P01RollingRestartTests {

	@Test
	void noCallFailsDuringARollingRestart() throws Exception {
		Rig rig = Rig.shared();

		LoadReport report = restartAll(rig, Figure.isFull() ? 3 : 1);

		Figure.of(1, "rolling restart under 200 calls/s: failed of " + report.calls(), report.failedCount(), "0");
		assertThat(report.failures()).isEmpty();
	}

	@Test
	@Tag("full")
	void noCallFailsDuringARollingRestartOnNetty() throws Exception {
		try (Rig.Own own = Rig.own(WebStack.NETTY, List.of())) {
			LoadReport report = restartAll(own.rig(), 3);

			Figure.of(1, "the same on Netty: failed of " + report.calls(), report.failedCount(), "0");
			assertThat(report.failures()).isEmpty();
		}
	}

	@Test
	@Tag("full")
	void callsFailWithoutDrainingAndRepetition() throws Exception {
		try (Rig.Own own = Rig.own(WebStack.TOMCAT, List.of(), "rpc.server.drain.linger=0s")) {
			LoadReport report = restartAll(own.rig(), 3, "rpc.client.retry.max-attempts=1",
					"rpc.client.load-balancing.enabled=false");

			Figure.of(1, "the same without draining and repetition: failed of " + report.calls(), report.failedCount(),
					"missed");
			assertThat(report.failedCount()).isPositive();
		}
	}

	private static LoadReport restartAll(Rig rig, int providers, String... properties) throws Exception {
		rig.reset(false, properties).warm().setConditions(Conditions.slow(20));
		LoadPlan plan = Rig.plan(providers * 16 * 200, 200, Operation.ADD, Operation.PUT, Operation.READ);
		CompletableFuture<LoadReport> running = rig.consumer().begin(plan);
		for (int i = 0; i < providers; i++) {
			ProviderProcess old = rig.provider(i);
			rig.replace(i).setConditions(Conditions.slow(20));
			rig.consumer().set(rig.registry());
			old.signal(Signal.TERM);
			assertThat(old.awaitEnd(Duration.ofSeconds(60))).isTrue();
		}
		// so that the calls do not end before the restart has
		assertThat(running).as("Calls were made until all were replaced").isNotDone();
		return running.get(120, TimeUnit.SECONDS);
	}

}
