package dev.rpcboot.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Calls for whose end nobody waits.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
abstract class OneWayTests {

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private ConfigurableApplicationContext providing;

	private LedgerProvider provider;

	private Consumer consumer;

	OneWayTests(WebApplicationType stack) {
		this.stack = stack;
	}

	private void start(String... properties) {
		this.providing = this.applications.provider(this.stack, LedgerProvider.class, properties);
		this.provider = this.providing.getBean(LedgerProvider.class);
		this.consumer = consumer("rpc.client.targets.ledger.url=" + Applications.url(this.providing));
	}

	private Consumer consumer(String... properties) {
		return this.applications.consumer(Consumer.class, properties).getBean(Consumer.class);
	}

	@AfterEach
	void stop() {
		if (this.provider != null) {
			this.provider.release.countDown();
			this.provider.unheld.complete(null);
		}
		this.applications.close();
	}

	@Test
	void returnsWhileTheMethodRuns() {
		start("rpc.server.max-timeout=40s");

		this.consumer.ledger.post("a");
		assertThat(this.consumer.async.post("b")).succeedsWithin(Duration.ofSeconds(10));
		await(() -> this.provider.begun.size() == 2);

		assertThat(this.provider.posted).isEmpty();
		// the caller's own timeout is no concern of it
		assertThat(this.provider.timeLeft).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
		assertThat(this.provider.thread).startsWith("rpc-server-");
		this.provider.release.countDown();
		await(() -> this.provider.posted.size() == 2);
		assertThat(this.provider.posted).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void returnsWhileTheMonoOfAMethodRuns() {
		start();

		this.consumer.async.postLater("a");

		assertThat(this.provider.posted).isEmpty();
		await(() -> this.provider.posted.contains("a"));
	}

	@Test
	void leavesTheFailureOfTheMethodToItsLogAndMeters(CapturedOutput log) {
		start();

		this.consumer.ledger.fail("a");
		this.consumer.async.fail("b").block(Duration.ofSeconds(10));

		await(() -> log.getAll().split("Ledger/fail failed, traceId", -1).length == 3);
		await(() -> this.provider.failures.size() == 2);
		assertThat(this.provider.failures).containsOnly("Ledger/fail INTERNAL");
	}

	@Test
	void answersWhoWaitsWhenTheMethodHasEnded() {
		start();
		this.provider.release.countDown();

		this.consumer.waiting.post("a");

		assertThat(this.provider.posted).containsExactly("a");
		assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(() -> this.consumer.waiting.fail("a"));
	}

	@Test
	void saysThatNothingWasSentWhereNobodyListens() throws IOException {
		String nowhere;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			nowhere = "http://127.0.0.1:" + socket.getLocalPort();
		}
		Consumer unserved = consumer("rpc.client.targets.ledger.url=" + nowhere);

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> unserved.ledger.post("a"))
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED));
		assertThat(unserved.async.post("a")).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(RpcUnavailableException.class);
	}

	@Test
	void acceptsNoMoreThanItHasThreadsFor() {
		start("rpc.server.max-threads=2");
		this.consumer.ledger.post("a");
		this.consumer.ledger.post("b");

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> this.consumer.ledger.post("c"))
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo(Reason.OVERLOADED);
				assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED);
			});

		this.provider.release.countDown();
		await(() -> this.provider.posted.size() == 2);
		assertThat(this.provider.begun).containsExactlyInAnyOrder("a", "b");
		assertThat(this.provider.mostRunning).hasValue(2);
	}

	@Test
	void acceptsNoMoreThanThatThoughTheirThreadsAreFreeAgain() {
		start("rpc.server.max-threads=2");
		this.consumer.async.hold("a");
		await(() -> this.provider.begun.contains("a"));
		this.consumer.async.hold("b");
		await(() -> this.provider.begun.contains("b"));

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> this.consumer.async.hold("c"))
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo(Reason.OVERLOADED);
				assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED);
			});

		this.provider.unheld.complete(null);
		await(() -> this.provider.posted.size() == 2);
		// the count comes down a moment after the methods have ended
		org.awaitility.Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThatNoException().isThrownBy(() -> this.consumer.async.hold("d")));
		assertThat(this.provider.begun).startsWith("a", "b").doesNotContain("c");
	}

	@Test
	void goesToAnotherInstanceWhenOneIsBusy() {
		start("rpc.server.max-threads=1");
		ConfigurableApplicationContext otherContext = this.applications.provider(this.stack, LedgerProvider.class);
		LedgerProvider other = otherContext.getBean(LedgerProvider.class);
		other.release.countDown();
		this.consumer.ledger.post("busy");
		Consumer balanced = consumer(
				"spring.cloud.discovery.client.simple.instances.ledger[0].uri=" + Applications.url(this.providing),
				"spring.cloud.discovery.client.simple.instances.ledger[1].uri=" + Applications.url(otherContext));

		for (int i = 0; i < 10; i++) {
			balanced.ledger.post("entry " + i);
		}

		await(() -> other.posted.size() == 10);
		assertThat(other.posted).doesNotHaveDuplicates();
		assertThat(this.provider.begun).containsExactly("busy");
	}

	@Test
	void isNeverRepeatedOnceItMayHaveArrived() throws IOException {
		start();
		AtomicInteger received = new AtomicInteger();
		try (ServerSocket dying = dying(received)) {
			Consumer balanced = consumer(
					"spring.cloud.discovery.client.simple.instances.ledger[0].uri=http://127.0.0.1:"
							+ dying.getLocalPort(),
					"spring.cloud.discovery.client.simple.instances.ledger[1].uri=" + Applications.url(this.providing));
			int lost = 0;

			for (int i = 0; i < 10; i++) {
				try {
					balanced.ledger.post("entry " + i);
				}
				catch (RpcConnectionException ex) {
					assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN);
					lost++;
				}
			}

			int arrived = 10 - lost;
			assertThat(lost).isPositive().isEqualTo(received.get());
			this.provider.release.countDown();
			await(() -> this.provider.posted.size() == arrived);
			assertThat(this.provider.begun).hasSize(arrived);
		}
	}

	@Test
	void finishesOnAGracefulShutdownWhatItAccepted() throws Exception {
		start();
		this.consumer.ledger.post("a");
		this.consumer.async.postLater("b");
		await(() -> this.provider.begun.size() == 2);

		CompletableFuture<Void> closed = CompletableFuture.runAsync(this.providing::close,
				(task) -> new Thread(task).start());
		await(() -> this.providing.isClosed() || !this.providing.isRunning() || isShuttingDown());
		this.provider.release.countDown();

		assertThat(closed).succeedsWithin(Duration.ofSeconds(20));
		assertThat(this.provider.posted).containsExactlyInAnyOrder("a", "b");
	}

	private boolean isShuttingDown() {
		try (Socket socket = new Socket("127.0.0.1",
				this.providing.getEnvironment().getProperty("local.server.port", Integer.class, 0))) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	private static ServerSocket dying(AtomicInteger received) throws IOException {
		ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread thread = new Thread(() -> {
			while (!server.isClosed()) {
				try (Socket socket = server.accept()) {
					socket.setSoTimeout(5_000);
					socket.setSoLinger(true, 0);
					if (socket.getInputStream().read(new byte[8192]) > 0) {
						received.incrementAndGet();
					}
				}
				catch (IOException ex) {
					// closed by the test
				}
			}
		});
		thread.setDaemon(true);
		thread.start();
		return server;
	}

	private static void await(Callable<Boolean> condition) {
		org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(condition);
	}

	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("ledger")
		Ledger ledger;

		@RpcReference("ledger")
		Ledger.Async async;

		@RpcReference("ledger")
		Ledger.Waiting waiting;

	}

}
