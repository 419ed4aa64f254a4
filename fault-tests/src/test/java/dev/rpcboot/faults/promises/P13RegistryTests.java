package dev.rpcboot.faults.promises;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.consumer.Registry;
import dev.rpcboot.faults.consumer.Registry.Mode;
import dev.rpcboot.faults.proxy.Fault;
import dev.rpcboot.faults.proxy.FaultyProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls succeed while the registry does not: for 40 s, which is longer than any list is
 * kept. The short form keeps lists for one second instead, and takes four.
 */
@Timeout(180)
class P13RegistryTests {

	@ParameterizedTest
	@MethodSource
	void noCallFailsWhileTheRegistryDoes(Mode mode) throws Exception {
		Rig rig = reset();

		LoadReport report = run(rig, mode);

		Figure.of(13, "registry " + mode + ": failed of " + report.calls(), report.failedCount(), "0");
		Figure.of(13, "registry " + mode + ": longest call in ms", report.all().max(), "5050, its deadline");
		assertThat(report.failures()).isEmpty();
	}

	static Stream<Mode> noCallFailsWhileTheRegistryDoes() {
		return Figure.some(1, Mode.THROWS, Mode.EMPTY, Mode.FLAPS, Mode.HANGS);
	}

	@Test
	@Tag("full")
	void noCallFailsWhileTheRegistryListsWhatIsNotThere() throws Exception {
		Rig rig = reset();
		try (FaultyProxy nobody = new FaultyProxy(rig.provider(0).port(), 1)) {
			nobody.set(Fault.REFUSE);

			LoadReport report = run(rig,
					Registry.of(List.of(rig.provider(1).port(), rig.provider(2).port(), nobody.port())));

			Figure.of(13, "registry with a wrong port and without one of three: failed of " + report.calls(),
					report.failedCount(), "0");
			assertThat(report.failures()).isEmpty();
		}
	}

	@Test
	@Tag("full")
	void callsFailWithoutTheLastGoodList() throws Exception {
		Rig rig = reset("rpc.client.load-balancing.enabled=false");

		LoadReport report = run(rig, Mode.EMPTY);

		Figure.of(13, "registry EMPTY, without our load balancer: failed of " + report.calls(), report.failedCount(),
				"missed");
		assertThat(report.failedCount()).isPositive();
	}

	private static Rig reset(String... properties) throws Exception {
		String cache = "spring.cloud.loadbalancer.cache.ttl=" + (Figure.isFull() ? "35s" : "1s");
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = cache;
		return Rig.shared().reset(false, all).warm();
	}

	private static LoadReport run(Rig rig, Mode mode) throws Exception {
		return run(rig, rig.registry().as(mode));
	}

	private static LoadReport run(Rig rig, Registry registry) throws Exception {
		int seconds = Figure.isFull() ? 40 : 4;
		LoadPlan plan = Rig.plan(seconds * 100, 100, Operation.ADD, Operation.PUT);
		CompletableFuture<LoadReport> running = rig.consumer().begin(plan);
		rig.consumer().set(registry);
		LoadReport report = running.get(120, TimeUnit.SECONDS);
		rig.consumer().set(rig.registry());
		return report;
	}

}
