package dev.rpcboot.faults.promises;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import dev.rpcboot.faults.consumer.CallId;
import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.consumer.Registry;
import dev.rpcboot.faults.process.ConsumerProcess;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.provider.Conditions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call that had to queue for longer than its caller waits does not enter the method.
 */
@Timeout(180)
class P09DeadWorkTests {

	private static final int DEADLINE = 200;

	// times on the wire are relative: what the way takes adds to them
	private static final long MICROS_MORE_THAN_THE_USUAL_WAY = 20_000;

	@ParameterizedTest
	@MethodSource("dev.rpcboot.faults.promises.Figure#stacks")
	void noCallIsEnteredAfterItsDeadline(WebStack stack) throws Exception {
		long late = late(stack);

		Figure.of(9, "queued at " + stack + ", entered after their deadline", late, "0");
		assertThat(late).isZero();
	}

	/**
	 * Without a limit they wait for a thread of the container, where nobody sees them.
	 */
	@Test
	@Tag("full")
	void callsAreEnteredAfterTheirDeadlineWithoutALimit() throws Exception {
		long late = late(WebStack.TOMCAT, "rpc.server.overload.enabled=false");

		Figure.of(9, "queued for a thread of TOMCAT, without a limit", late, "missed");
		assertThat(late).isPositive();
	}

	private static long late(WebStack stack, String... properties) throws Exception {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("server.tomcat.threads.max=8", "server.tomcat.threads.min-spare=8",
				"rpc.server.max-threads=8"));
		try (ProviderProcess provider = Rig.single(stack, List.of(), all.toArray(String[]::new))) {
			ConsumerProcess consumer = Rig.sharedConsumer();
			consumer.restart(Registry.of(List.of(provider.port())),
					List.of("rpc.client.timeout=" + DEADLINE + "ms", "rpc.client.circuit-breaker.enabled=false",
							"rpc.client.throttling.enabled=false", "rpc.client.max-connections=500"));
			consumer.run(LoadPlan.of("warm", Rig.TARGET, 200, 100, Operation.ADD));
			// 8 at a time, of 150 ms: 53 a second
			provider.setConditions(Conditions.slow(150));
			int seconds = Figure.isFull() ? 20 : 5;

			consumer.run(LoadPlan.of("queued", Rig.TARGET, seconds * 200, 200, Operation.ADD, Operation.PUT));

			long limit = DEADLINE * 1000L + usualWay(provider) + MICROS_MORE_THAN_THE_USUAL_WAY;
			return ways(provider, "queued").filter((way) -> way > limit).count();
		}
	}

	/** The longest that a call took to the method while nothing was queued. */
	private static long usualWay(ProviderProcess provider) throws Exception {
		return ways(provider, "warm").skip(50).max().orElseThrow();
	}

	private static LongStream ways(ProviderProcess provider, String plan) throws Exception {
		return provider.ledger()
			.stream()
			.filter((entry) -> entry.callId().startsWith(plan + "-"))
			.mapToLong((entry) -> entry.enteredMicros() - CallId.beganMicros(entry.callId()));
	}

}
