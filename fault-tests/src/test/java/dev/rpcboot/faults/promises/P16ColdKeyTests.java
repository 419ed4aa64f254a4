package dev.rpcboot.faults.promises;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.provider.Conditions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many callers of one cached method, whose result nobody has yet, make one call; each
 * waits for its own time only.
 */
@Timeout(180)
class P16ColdKeyTests {

	private static final int CALLERS = 1000;

	private static final String[] CACHED = { "rpc.client.targets.work.methods.Work.read.cache.ttl=1m",
			"rpc.client.targets.work.methods.Work.read.cache.scope=shared", "rpc.client.timeout=1s",
			"rpc.client.hedging.enabled=false",
			// the calls before that let a new process become fast may be late themselves
			"rpc.client.circuit-breaker.enabled=false" };

	@Test
	void oneCallIsMadeForAllCallers() throws Exception {
		Rig rig = reset(300, CACHED);
		LoadPlan plan = Rig.plan(CALLERS, CALLERS, Operation.READ).inBursts(CALLERS, 0).ofOneArgument();

		LoadReport report = rig.consumer().run(plan);

		Figure.of(16, "cold key, calls for " + CALLERS + " callers", rig.ledger(plan).size(), "1");
		assertThat(report.failures()).isEmpty();
		assertThat(rig.ledger(plan)).hasSize(1);
	}

	@Test
	void eachCallerKeepsItsOwnDeadline() throws Exception {
		Rig rig = reset(10_000, CACHED);
		LoadPlan plan = Rig.plan(CALLERS, 2000, Operation.READ).ofOneArgument();

		LoadReport report = rig.consumer().run(plan);

		Figure.of(16, "deadline 1000 ms of " + CALLERS + " waiters of one call: p99 in ms", report.all().p99(),
				"1000 + 50");
		assertThat(report.failures()).containsOnlyKeys("RpcDeadlineExceededException/UNKNOWN");
		long cutShort = report.failedCalls().stream().filter((call) -> call.durationMillis() < 990).count();
		Figure.of(16, "waiters of a call that end before their own deadline, with that of another", cutShort, "0");
		assertThat(cutShort).isZero();
		if (Figure.isFull()) {
			assertThat(report.all().p99()).isLessThanOrEqualTo(1050);
		}
	}

	@Test
	@Tag("full")
	void everyCallerCallsWithoutTheCache() throws Exception {
		Rig rig = reset(300, "rpc.client.timeout=5s", "rpc.client.max-connections=1000");
		LoadPlan plan = Rig.plan(CALLERS, CALLERS, Operation.READ).inBursts(CALLERS, 0).ofOneArgument();

		rig.consumer().run(plan);

		Figure.of(16, "cold key without a cache, calls for " + CALLERS + " callers", rig.ledger(plan).size(), "missed");
		assertThat(rig.ledger(plan)).hasSizeGreaterThan(1);
	}

	private static Rig reset(long delay, String... properties) throws Exception {
		Rig rig = Rig.shared().reset(false, properties);
		rig.run(200, 200, Operation.ADD);
		for (ProviderProcess provider : rig.providers()) {
			provider.setConditions(Conditions.slow(delay));
		}
		return rig;
	}

}
