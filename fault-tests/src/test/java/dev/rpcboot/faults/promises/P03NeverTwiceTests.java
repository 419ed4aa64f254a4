package dev.rpcboot.faults.promises;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.proxy.Fault;
import dev.rpcboot.faults.proxy.FaultMix;
import dev.rpcboot.faults.proxy.FaultyProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A method that must not run twice runs once at most, whatever the network does. What
 * keeps it from that is its contract: methods that may be repeated, called beside it in
 * the same way, show what happens without.
 */
@Timeout(180)
class P03NeverTwiceTests {

	@Test
	void runsNoCallTwiceUnderFaultsOfEveryKind() throws Exception {
		Rig rig = Rig.shared().reset(true, "rpc.client.timeout=1s", "rpc.client.circuit-breaker.enabled=false").warm();
		int calls = Figure.calls(10_000, 1500);
		double perSecond = Figure.isFull() ? 250 : 300;
		for (FaultyProxy proxy : rig.proxies()) {
			proxy.set(FaultMix.any(0.2));
		}
		LoadPlan adds = Rig.plan(calls, perSecond, Operation.ADD);
		LoadPlan puts = Rig.plan(calls / 5, perSecond / 5, Operation.PUT);

		CompletableFuture<LoadReport> adding = rig.consumer().begin(adds);
		CompletableFuture<LoadReport> putting = rig.consumer().begin(puts);
		// the faults of a port, for a fifth of the time, by turns
		for (int turn = 0; !adding.isDone(); turn++) {
			FaultyProxy proxy = rig.proxy(turn % 3);
			proxy.set((turn % 2 == 0) ? Fault.REFUSE : Fault.CONNECT_BLACK_HOLE);
			await(adding, 600);
			proxy.set(FaultMix.any(0.2));
			await(adding, 400);
		}
		LoadReport report = adding.get();
		putting.get();

		Figure.of(3,
				"calls of " + calls + " that ran twice, under "
						+ rig.proxies().stream().mapToLong(FaultyProxy::faults).sum() + " faults",
				rig.duplicates(adds), "0");
		Figure.of(3, "the same of " + calls / 5 + " calls whose contract allows it", rig.duplicates(puts), "missed");
		assertThat(List.of(Fault.values())).filteredOn((fault) -> !fault.hitsPort() && fault.isHonest())
			.allMatch((fault) -> rig.proxies().stream().anyMatch((proxy) -> proxy.count(fault) > 0));
		assertThat(rig.duplicates(adds)).isZero();
		assertThat(rig.duplicates(puts)).isPositive();
		// whoever was answered, ran
		assertThat(rig.executions(adds)).hasSizeGreaterThanOrEqualTo(calls - report.failedCount());
	}

	private static void await(CompletableFuture<?> end, long millis) throws Exception {
		CompletableFuture.anyOf(end, new CompletableFuture<>().completeOnTimeout(null, millis, TimeUnit.MILLISECONDS))
			.get();
	}

}
