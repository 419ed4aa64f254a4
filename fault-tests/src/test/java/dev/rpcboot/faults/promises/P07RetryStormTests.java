package dev.rpcboot.faults.promises;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.consumer.Registry;
import dev.rpcboot.faults.process.ProviderProcess;
import dev.rpcboot.faults.process.WebStack;
import dev.rpcboot.faults.proxy.Fault;
import dev.rpcboot.faults.proxy.FaultyProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When all instances fail, calls are hardly repeated, and not by every hop of a chain.
 */
@Timeout(180)
class P07RetryStormTests {

	private static final String NO_BREAKER = "rpc.client.circuit-breaker.enabled=false";

	private static final String NO_BUDGET = "rpc.client.retry-budget.min-per-second=100000";

	@TempDir
	private Path directory;

	@ParameterizedTest
	@MethodSource
	void callsAreHardlyRepeatedWhenAllInstancesFail(Fault fault) throws Exception {
		double attempts = attempts(fault, NO_BREAKER, "rpc.client.throttling.enabled=false");

		Figure.of(7, fault + " of all instances: attempts per call", attempts, "1.15");
		assertThat(attempts).isLessThanOrEqualTo(1.15);
	}

	static Stream<Fault> callsAreHardlyRepeatedWhenAllInstancesFail() {
		return Figure.some(1, Fault.HTML_502, Fault.OVERLOADED_503, Fault.REFUSE);
	}

	@Test
	@Tag("full")
	void callsAreHardlyRepeatedAlongAChain() throws Exception {
		double attempts = leafAttempts(NO_BREAKER);

		Figure.of(7, "chain of 3 hops: attempts at its end per call", attempts, "1.35");
		assertThat(attempts).isLessThanOrEqualTo(1.35);
	}

	@Test
	@Tag("full")
	void callsAreRepeatedWithoutABudget() throws Exception {
		double attempts = attempts(Fault.HTML_502, NO_BREAKER, NO_BUDGET);

		Figure.of(7, "HTML_502 of all instances, without a budget: attempts per call", attempts, "missed");
		assertThat(attempts).isGreaterThan(1.15);
	}

	private static double attempts(Fault fault, String... properties) throws Exception {
		Rig rig = Rig.shared().reset(true, properties).warm();
		for (FaultyProxy proxy : rig.proxies()) {
			proxy.set(fault);
		}
		int seconds = Figure.isFull() ? 20 : 8;
		LoadReport report = rig.run(seconds * 200, 200, Operation.PUT);
		return (double) report.attempts() / report.calls();
	}

	private double leafAttempts(String... properties) throws Exception {
		Rig rig = Rig.shared().reset(false, properties);
		try (FaultyProxy leaf = new FaultyProxy(rig.provider(0).port(), 1);
				ProviderProcess second = chained("second", leaf.port());
				ProviderProcess first = chained("first", second.port())) {
			leaf.set(Fault.HTML_502);
			rig.consumer().set(Registry.of(List.of(first.port())));
			int seconds = Figure.isFull() ? 20 : 8;
			LoadReport report = rig.run(seconds * 50, 50, Operation.RELAY);
			return (double) leaf.count(Fault.HTML_502) / report.calls();
		}
	}

	private ProviderProcess chained(String name, int next) throws IOException {
		Files.createDirectories(this.directory);
		return ProviderProcess.start(this.directory, name, WebStack.TOMCAT, List.of(),
				List.of("faults.chained=true", NO_BREAKER, "rpc.client.targets.next.url=http://127.0.0.1:" + next));
	}

}
