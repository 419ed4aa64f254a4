package dev.rpcboot.faults.promises;

import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.provider.Conditions;
import dev.rpcboot.faults.provider.Ledger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance that fails fast is left out, as long as others are left, and comes back
 * when it is well.
 */
@Timeout(180)
class P11EjectionTests {

	private static final Conditions FAILING = new Conditions(0, Integer.MAX_VALUE, true);

	@Test
	void anInstanceThatFailsIsLeftOutAndComesBack() throws Exception {
		Rig rig = reset();
		// 3 s below the time after which it is tried again, then it is well
		LoadPlan plan = Rig.plan(Figure.calls(10 * 100, 7 * 100), 100, Operation.PUT, Operation.ADD);
		rig.provider(0).setConditions(FAILING);
		CompletableFuture<LoadReport> running = rig.consumer().begin(plan);
		Rig.hold(3000);
		long failures = entered(rig, plan, 0);
		rig.provider(0).setConditions(Conditions.HEALTHY);
		long healed = Rig.micros();
		running.get(120, TimeUnit.SECONDS);
		long back = rig.provider(0)
			.ledger()
			.stream()
			.filter((entry) -> entry.callId().startsWith(plan.name() + "-"))
			.mapToLong(Ledger.Entry::enteredMicros)
			.filter((entered) -> entered > healed)
			.map((entered) -> (entered - healed) / 1000)
			.min()
			.orElse(-1);

		Figure.of(11, "failures of an instance that fails fast, before it is left out", failures, "5");
		Figure.of(11, "ms until it is back", back, "5000");
		assertThat(failures).isLessThanOrEqualTo(5);
		assertThat(back).isNotNegative();
		if (Figure.isFull()) {
			assertThat(back).isLessThanOrEqualTo(5000);
		}
	}

	@Test
	@Tag("full")
	void neverMoreThanHalfAreLeftOut() throws Exception {
		Rig rig = reset().setConditions(FAILING);

		LoadReport report = rig.run(400, 100, Operation.PUT);

		// if two were left out, the third would have all; one may be slow at failing
		double second = rig.ports()
			.stream()
			.map((port) -> report.shareOf(port, 1, 4))
			.sorted(Comparator.reverseOrder())
			.skip(1)
			.findFirst()
			.orElseThrow();
		Figure.of(11, "all of 3 fail: share of picks of the second", second,
				"above 0.1, if no more than one is left out");
		assertThat(second).isGreaterThan(0.1);
	}

	@Test
	@Tag("full")
	void anInstanceThatFailsIsUsedWithoutOurLoadBalancer() throws Exception {
		Rig rig = reset("rpc.client.load-balancing.enabled=false");
		LoadPlan plan = Rig.plan(300, 100, Operation.PUT, Operation.ADD);
		rig.provider(0).setConditions(FAILING);

		rig.consumer().run(plan);

		long failures = entered(rig, plan, 0);
		Figure.of(11, "failures of an instance that fails fast, without our load balancer, in 3 s", failures, "missed");
		assertThat(failures).isGreaterThan(5);
	}

	private static Rig reset(String... properties) throws Exception {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = "rpc.client.circuit-breaker.enabled=false";
		return Rig.shared().reset(false, all).warm();
	}

	private static long entered(Rig rig, LoadPlan plan, int provider) throws Exception {
		return rig.provider(provider)
			.ledger()
			.stream()
			.filter((entry) -> entry.callId().startsWith(plan.name() + "-"))
			.count();
	}

}
