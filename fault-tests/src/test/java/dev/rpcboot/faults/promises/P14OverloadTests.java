package dev.rpcboot.faults.promises;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A provider that is asked for more than it can do does what it can, and refuses the rest
 * at once. It can do 100 calls a second, by sleeping: 10 at a time, of 100 ms. What is in
 * time is a matter of the machine too: the short form asks for half of it, which without
 * a limit is not reached either.
 */
@Timeout(180)
class P14OverloadTests {

	private static final int CAPACITY = 100;

	private static final String[] CALLS = { "rpc.client.timeout=400ms", "rpc.client.retry.max-attempts=1",
			"rpc.client.circuit-breaker.enabled=false", "rpc.client.throttling.enabled=false",
			"rpc.client.max-connections=600", "rpc.client.targets.sheddable.criticality=sheddable" };

	private static final int SECONDS = Figure.isFull() ? 20 : 10;

	@Test
	void answersWhatItCanInTimeAtThreeTimes() throws Exception {
		answersWhatItCanInTime(WebStack.TOMCAT, 3, 90);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT, 2, 95", "TOMCAT, 10, 80", "NETTY, 2, 95", "NETTY, 3, 90", "NETTY, 10, 80" })
	@Tag("full")
	void answersWhatItCanInTime(WebStack stack, int times, int least) throws Exception {
		try (ProviderProcess provider = start(stack)) {
			Overload overload = overload(provider, times);

			String load = " at " + times + " times its capacity, on " + stack;
			Figure.of(14, "in-time answers a second" + load, overload.answersPerSecond(), least + " of " + CAPACITY);
			Figure.of(14, "refusals, p99 in ms" + load, overload.refusalP99(), "20");
			assertThat(overload.answersPerSecond()).isGreaterThanOrEqualTo(Figure.isFull() ? least : least / 2);
			if (Figure.isFull()) {
				assertThat(overload.refusalP99()).isLessThanOrEqualTo(20);
				recovers();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	@Tag("full")
	void answersCriticalCallsFirst(WebStack stack) throws Exception {
		try (ProviderProcess provider = start(stack)) {
			ConsumerProcess consumer = consumer(provider);
			CompletableFuture<LoadReport> sheddable = consumer.begin(
					LoadPlan.of("sheddable", "sheddable", CAPACITY * 21 / 10 * SECONDS, CAPACITY * 2.1, Operation.ADD));
			LoadReport critical = consumer
				.run(LoadPlan.of("critical", "critical", CAPACITY * 9 / 10 * SECONDS, CAPACITY * 0.9, Operation.ADD));
			sheddable.get(60, TimeUnit.SECONDS);

			double share = 1 - (double) critical.failedCount() / critical.calls();
			Figure.of(14, "share of critical calls in time at 3 times, 30 % critical, on " + stack, share, "0.99");
			assertThat(share).isGreaterThanOrEqualTo(0.99);
		}
	}

	@Test
	@Tag("full")
	void answersTooLateWithoutALimit() throws Exception {
		try (ProviderProcess provider = start(WebStack.TOMCAT, "rpc.server.overload.enabled=false")) {
			Overload overload = overload(provider, 3);

			Figure.of(14, "in-time answers a second at 3 times, without a limit", overload.answersPerSecond(),
					"missed");
			assertThat(overload.answersPerSecond()).isLessThan(90);
		}
	}

	private static void recovers() throws Exception {
		Rig.hold(5000);
		LoadReport after = Rig.sharedConsumer()
			.run(LoadPlan.of("after", Rig.TARGET, CAPACITY / 2 * SECONDS, CAPACITY / 2, Operation.ADD));
		double share = 1 - (double) after.failedCount() / after.calls();
		Figure.of(14, "share answered from 5 s after on", share, "0.999");
		assertThat(share).isGreaterThanOrEqualTo(0.999);
	}

	private static ProviderProcess start(WebStack stack, String... properties) throws Exception {
		String[] all = new String[properties.length + 1];
		System.arraycopy(properties, 0, all, 1, properties.length);
		all[0] = "faults.authenticated=true";
		ProviderProcess provider = Rig.single(stack, List.of(), all);
		provider.setConditions(new Conditions(100, 10, false));
		return provider;
	}

	private static ConsumerProcess consumer(ProviderProcess provider) throws Exception {
		ConsumerProcess consumer = Rig.sharedConsumer();
		consumer.restart(Registry.of(List.of(provider.port())), List.of(CALLS));
		for (String target : List.of(Rig.TARGET, "critical", "sheddable")) {
			consumer.run(LoadPlan.of("warm", target, 100, 50, Operation.ADD));
		}
		return consumer;
	}

	private static Overload overload(ProviderProcess provider, int times) throws Exception {
		return new Overload(consumer(provider)
			.run(LoadPlan.of("overload", Rig.TARGET, times * CAPACITY * SECONDS, times * CAPACITY, Operation.ADD)));
	}

	private record Overload(LoadReport report) {

		// the first second is that in which the limit is found
		double answersPerSecond() {
			return this.report.seconds()
				.subList(1, SECONDS)
				.stream()
				.mapToInt((second) -> second.calls() - second.failed())
				.average()
				.orElse(0);
		}

		double refusalP99() {
			long[] refusals = this.report.failedCalls()
				.stream()
				.filter((call) -> call.outcome().contains("OVERLOADED"))
				.mapToLong(LoadReport.FailedCall::durationMillis)
				.sorted()
				.toArray();
			return (refusals.length == 0) ? Double.NaN : refusals[refusals.length * 99 / 100];
		}

	}

}
