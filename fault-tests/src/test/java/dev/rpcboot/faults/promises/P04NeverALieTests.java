package dev.rpcboot.faults.promises;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.LoadReport.FailedCall;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.process.Signal;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.provider.Conditions;
import dev.rpcboot.faults.proxy.Fault;
import dev.rpcboot.faults.proxy.FaultMix;
import dev.rpcboot.faults.proxy.FaultyProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call that the client says did not run, did not run: while providers are overloaded,
 * and while they end. A caller acts on it.
 */
@Timeout(180)
class P04NeverALieTests {

	@ParameterizedTest
	@MethodSource("dev.rpcboot.faults.promises.Figure#stacks")
	void noCallRanOfWhichItIsSaidThatItDidNot(WebStack stack) throws Exception {
		try (Rig.Own own = Rig.own(stack, List.of(), "server.tomcat.threads.max=20", "rpc.server.max-threads=20")) {
			Rig rig = own.rig()
				.reset(false, "rpc.client.timeout=400ms", "rpc.client.retry.max-attempts=1",
						"rpc.client.circuit-breaker.enabled=false", "rpc.client.throttling.enabled=false",
						"rpc.client.max-connections=300")
				.warm();
			// 60 at a time, of 100 ms: 600 a second
			rig.setConditions(Conditions.slow(100));
			LoadPlan plan = Rig.plan(Figure.calls(10_000, 4000), 800, Operation.ADD, Operation.PUT);

			CompletableFuture<LoadReport> running = rig.consumer().begin(plan);
			Rig.hold(1500);
			ProviderProcess old = rig.provider(0);
			old.signal(Signal.TERM);
			LoadReport report = running.get(120, TimeUnit.SECONDS);

			List<FailedCall> refused = refused(report);
			long lies = lies(rig, plan, refused);
			Figure.of(4, stack + ", of " + refused.size() + " calls said not to have run: ran", lies, "0");
			assertThat(refused).isNotEmpty();
			assertThat(lies).isZero();
		}
	}

	@Test
	@Tag("full")
	void aRefusalThatIsNotWhatItSaysIsFoundOut() throws Exception {
		Rig rig = Rig.shared().reset(true, "rpc.client.retry.max-attempts=1", "rpc.client.throttling.enabled=false");
		for (FaultyProxy proxy : rig.proxies()) {
			proxy.set(new FaultMix(0.2, List.of(Fault.LYING_503)));
		}
		LoadPlan plan = Rig.plan(1000, 250, Operation.ADD);

		List<FailedCall> refused = refused(rig.consumer().run(plan));

		long lies = lies(rig, plan, refused);
		Figure.of(4,
				"a proxy that refuses what it has passed on, of " + refused.size() + " calls said not to have run: ran",
				lies, "missed");
		assertThat(lies).isPositive();
	}

	private static List<FailedCall> refused(LoadReport report) {
		return report.failedCalls().stream().filter(FailedCall::isNotExecuted).toList();
	}

	private static long lies(Rig rig, LoadPlan plan, List<FailedCall> refused) throws Exception {
		Map<String, Integer> executions = rig.executions(plan);
		return refused.stream().filter((call) -> executions.containsKey(call.callId())).count();
	}

}
