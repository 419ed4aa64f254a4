package dev.rpcboot.faults.promises;

import java.time.Duration;
import java.util.List;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.proxy.Fault;
import dev.rpcboot.faults.proxy.FaultyProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls succeed that come at the moment at which the server closes its idle connections,
 * those included that must not be repeated.
 */
@Timeout(180)
class P17KeepAliveTests {

	private static final int IDLE = 2;

	private static final int BURST = 60;

	@ParameterizedTest
	@MethodSource("dev.rpcboot.faults.promises.Figure#stacks")
	void noCallFailsAtTheEndOfAnIdleConnection(WebStack stack) throws Exception {
		try (Rig.Own own = own(stack)) {
			own.rig().reset(false);

			LoadReport report = run(own.rig());

			Figure.of(17, "idle close of " + stack + ": failed of " + report.calls(), report.failedCount(), "0");
			assertThat(report.failures()).isEmpty();
		}
	}

	@Test
	@Tag("full")
	void callsFailAtTheEndOfAConnectionOfWhichNothingWasSaid() throws Exception {
		try (Rig.Own own = Rig.own(WebStack.NETTY, List.of(), "faults.silent-idle-timeout=" + IDLE + "s")) {
			LoadReport report = slowly(own.rig());

			Figure.of(17, "unannounced idle close, over a slow network: failed of " + report.calls(),
					report.failedCount(), "missed");
			assertThat(report.failedCount()).isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource
	@Tag("full")
	void noCallFailsOverASlowNetwork(WebStack stack) throws Exception {
		try (Rig.Own own = own(stack)) {
			LoadReport report = slowly(own.rig());

			Figure.of(17, "idle close of " + stack + ", over a slow network: failed of " + report.calls(),
					report.failedCount(), "0");
			assertThat(report.failures()).isEmpty();
		}
	}

	/**
	 * A request is on its way for so long that the connection may be closed meanwhile.
	 */
	private static LoadReport slowly(Rig rig) throws Exception {
		rig.reset(true);
		for (FaultyProxy proxy : rig.proxies()) {
			proxy.setLatency(Duration.ofMillis(100));
			proxy.set(Fault.LATENCY);
		}
		return run(rig);
	}

	private static Rig.Own own(WebStack stack) throws Exception {
		return Rig.own(stack, List.of(), "server.tomcat.keep-alive-timeout=" + IDLE + "s",
				"server.netty.idle-timeout=" + IDLE + "s");
	}

	private static LoadReport run(Rig rig) throws Exception {
		int calls = Figure.calls(1020, 180);
		LoadPlan plan = Rig.plan(calls, (double) BURST / IDLE, Operation.ADD).inBursts(BURST, 50);
		return rig.consumer().run(plan);
	}

}
