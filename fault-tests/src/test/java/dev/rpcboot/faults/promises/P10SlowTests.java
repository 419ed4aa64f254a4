package dev.rpcboot.faults.promises;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.provider.Conditions;
import dev.rpcboot.faults.proxy.Fault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance that does not answer, or is slow, is hardly chosen any more.
 */
@Timeout(180)
class P10SlowTests {

	private static final int PER_SECOND = 200;

	private static final String DEADLINE = "rpc.client.timeout=1s";

	private static final String NOT_BALANCED = "rpc.client.load-balancing.enabled=false";

	@Test
	void aBlackHoleIsHardlyChosen() throws Exception {
		double share = shareOfABlackHole(DEADLINE);

		Figure.of(10, "share of picks of a black hole, after 2 s", share, "0.01");
		assertThat(share).isLessThanOrEqualTo(0.01);
	}

	@Test
	void aSlowInstanceIsSeldomChosen() throws Exception {
		Slow slow = slow(DEADLINE);

		Figure.of(10, "share of picks of an instance 10 times slower, after 5 s", slow.share, "0.1");
		Figure.of(10, "p95 / healthy p95", slow.p95, "1.5");
		assertThat(slow.share).isLessThanOrEqualTo(0.1);
		if (Figure.isFull()) {
			assertThat(slow.p95).isLessThanOrEqualTo(1.5);
		}
	}

	@Test
	@Tag("full")
	void bothAreChosenAsOftenAsOthersWithoutBalancing() throws Exception {
		double share = shareOfABlackHole(DEADLINE, NOT_BALANCED);
		Slow slow = slow(DEADLINE, NOT_BALANCED);

		Figure.of(10, "share of picks of a black hole, without our load balancer", share, "missed");
		Figure.of(10, "share of picks of an instance 10 times slower, without our load balancer", slow.share, "missed");
		assertThat(share).isGreaterThan(0.01);
		assertThat(slow.share).isGreaterThan(0.1);
	}

	private static double shareOfABlackHole(String... properties) throws Exception {
		Rig rig = Rig.shared().reset(true, properties).warm();
		int seconds = Figure.isFull() ? 20 : 5;
		rig.proxy(0).set(Fault.CONNECT_BLACK_HOLE);
		LoadReport report = rig.run(seconds * PER_SECOND, PER_SECOND, Operation.PUT, Operation.ADD);
		return report.shareOf(rig.proxy(0).port(), 2, seconds);
	}

	private static Slow slow(String... properties) throws Exception {
		Rig rig = Rig.shared().reset(false, properties).warm().setConditions(Conditions.slow(20));
		LoadReport healthy = rig.run(3 * PER_SECOND, PER_SECOND, Operation.PUT);
		int seconds = Figure.isFull() ? 20 : 8;
		LoadPlan plan = Rig.plan(seconds * PER_SECOND, PER_SECOND, Operation.PUT, Operation.ADD);
		rig.provider(0).setConditions(Conditions.slow(200));
		CompletableFuture<LoadReport> running = rig.consumer().begin(plan);
		LoadReport report = running.get(120, TimeUnit.SECONDS);
		return new Slow(report.shareOf(rig.provider(0).port(), 5, seconds), report.all().p95() / healthy.all().p95());
	}

	private record Slow(double share, double p95) {
	}

}
