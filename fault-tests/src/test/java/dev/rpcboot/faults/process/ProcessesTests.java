package dev.rpcboot.faults.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadPlan;
import dev.rpcboot.faults.consumer.LoadReport;
import dev.rpcboot.faults.consumer.Operation;
import dev.rpcboot.faults.consumer.Registry;
import dev.rpcboot.faults.provider.Conditions;
import dev.rpcboot.faults.provider.Ledger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(180)
class ProcessesTests {

	@TempDir
	private static Path directory;

	private static ConsumerProcess consumer;

	@BeforeAll
	static void start() throws Exception {
		consumer = ConsumerProcess.start(directory, List.of());
	}

	@AfterAll
	static void stop() {
		consumer.close();
	}

	@ParameterizedTest
	@EnumSource
	void keepsTheLedgerOfAProviderThatIsKilled(WebStack stack) throws Exception {
		try (ProviderProcess provider = provider("killed-" + stack, stack)) {
			consumer.restart(Registry.of(List.of(provider.port())), List.of());

			LoadReport report = consumer.run(LoadPlan.of("calls", "work", 40, 200, Operation.READ, Operation.ADD));
			provider.signal(Signal.KILL);

			assertThat(provider.awaitEnd(Duration.ofSeconds(20))).isTrue();
			assertThat(report.failures()).isEmpty();
			assertThat(report.answeredBy()).containsOnlyKeys(provider.name());
			assertThat(report.attempts()).isEqualTo(40);
			assertThat(provider.ledger()).hasSize(40).extracting(Ledger.Entry::callId).doesNotHaveDuplicates();
			assertThat(provider.ledger()).extracting(Ledger.Entry::method).containsOnly("read", "add");
		}
	}

	@Test
	void failsIsSlowAndStandsStillAsItIsTold() throws Exception {
		try (ProviderProcess provider = provider("told", WebStack.TOMCAT)) {
			consumer.restart(Registry.of(List.of(provider.port())),
					List.of("rpc.client.timeout=60s", "rpc.client.circuit-breaker.enabled=false"));
			consumer.run(LoadPlan.of("warm", "work", 20, 100, Operation.ADD));

			provider.setConditions(new Conditions(0, 1, true));
			LoadReport failing = consumer.run(LoadPlan.of("failing", "work", 10, 100, Operation.ADD));
			provider.setConditions(Conditions.slow(300));
			LoadReport slow = consumer.run(LoadPlan.of("slow", "work", 10, 100, Operation.ADD));
			provider.signal(Signal.STOP);
			CompletableFuture<LoadReport> still = consumer.begin(LoadPlan.of("still", "work", 10, 100, Operation.ADD));

			assertThat(failing.failures()).containsOnlyKeys("RpcRemoteException/-32603/EXECUTED");
			assertThat(slow.succeeded().count()).isEqualTo(10);
			assertThat(slow.all().p50()).isGreaterThan(290);
			assertThat(provider.ledger()).hasSize(40);
			assertThat(still).isNotDone();
			provider.signal(Signal.CONT);
			assertThat(still.get(60, TimeUnit.SECONDS).failures()).isEmpty();
			provider.signal(Signal.TERM);
			assertThat(provider.awaitEnd(Duration.ofSeconds(60))).isTrue();
		}
	}

	private static ProviderProcess provider(String name, WebStack stack) throws Exception {
		return ProviderProcess.start(directory, name, stack, List.of(), List.of());
	}

}
