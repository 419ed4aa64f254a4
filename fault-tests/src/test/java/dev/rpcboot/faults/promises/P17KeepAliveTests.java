package dev.rpcboot.faults.promises;

import java.util.List;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.process.WebStack;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls succeed that come at the moment at which the server closes its idle connections,
 * those included that must not be repeated.
 */
@Timeout(180)
class P17KeepAliveTests {

	private static final int IDLE = 2;

	private static final int BURST = 60;

	@Test
	void noCallFailsAtTheEndOfAnIdleConnectionOfTomcat() throws Exception {
		judge(WebStack.TOMCAT);
	}

	@Test
	void noCallFailsAtTheEndOfAnIdleConnectionOfNetty() throws Exception {
		judge(WebStack.NETTY);
	}

	private static void judge(WebStack stack) throws Exception {
		try (Rig.Own own = own(stack)) {
			own.rig().reset(false);

			LoadReport report = run(own.rig());

			Figure.of(17, "idle close of " + stack + ": failed of " + report.calls(), report.failedCount(), "0");
			assertThat(report.failures()).isEmpty();
		}
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
