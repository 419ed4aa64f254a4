package dev.rpcboot.calls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Calls between two processes, one of which dies.
 */
@Tag("processes")
@Timeout(180)
class ProcessTests {

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void stop() {
		this.applications.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void saysThatAMethodMayHaveRunWhenItsProcessIsKilled(String stack) throws Exception {
		try (ProviderProcess provider = ProviderProcess.start(this.directory, stack)) {
			Warehouse warehouse = this.applications
				.consumer(FailoverTests.Consumer.class, "rpc.client.targets.warehouse.url=" + provider.url(),
						"rpc.client.timeout=60s")
				.getBean(FailoverTests.Consumer.class).warehouse;
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			new Thread(() -> {
				try {
					warehouse.slow(60_000);
					failure.complete(null);
				}
				catch (Throwable ex) {
					failure.complete(ex);
				}
			}).start();
			await().atMost(Duration.ofSeconds(20)).until(() -> warehouse.executed("slow") > 0);

			provider.kill();

			assertThat(failure).succeedsWithin(Duration.ofSeconds(20))
				.isInstanceOfSatisfying(RpcConnectionException.class,
						(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
			// it may still leave on a pooled connection, of whose end we have not heard
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> warehouse.greet("Ada"));
			assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> warehouse.greet("Ada"))
				.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED));
		}
	}

}
