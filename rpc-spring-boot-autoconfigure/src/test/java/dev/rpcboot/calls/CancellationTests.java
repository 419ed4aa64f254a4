package dev.rpcboot.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.server.ServerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a provider hears of calls that their consumer cancels.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
abstract class CancellationTests {

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private ConfigurableApplicationContext providing;

	private WorkshopProvider.Bench bench;

	private Consumer consumer;

	CancellationTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeEach
	void start() {
		this.providing = this.applications.provider(this.stack, WorkshopProvider.class, "server.shutdown=immediate");
		this.bench = this.providing.getBean(WorkshopProvider.Bench.class);
		ConfigurableApplicationContext consuming = this.applications.consumer(Consumer.class, "rpc.client.timeout=60s",
				"logging.level.dev.rpcboot.client.CallCancellation=DEBUG",
				"rpc.client.targets.workshop.url=" + Applications.url(this.providing),
				"rpc.client.targets.workshop.methods.Workshop.hasty.timeout=300ms");
		this.consumer = consuming.getBean(Consumer.class);
	}

	@AfterEach
	void stop() {
		this.bench.release.countDown();
		this.applications.close();
	}

	@Test
	void cancellingTheFutureCancelsTheProvidersMono(CapturedOutput log) {
		CompletableFuture<String> call = this.consumer.async.reactive("a");
		await(() -> this.bench.started.contains("a"));

		call.cancel(true);

		await(() -> this.bench.cancelled.contains("a"));
		assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

	@Test
	void disposingOfTheSubscriptionCancelsTheProvidersFuture(CapturedOutput log) {
		Disposable subscription = this.consumer.async.future("a").subscribe();
		await(() -> this.bench.started.contains("a"));

		subscription.dispose();

		await(() -> this.bench.cancelled.contains("a"));
		assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

	@Test
	void cancellingAStreamInTheMiddleCancelsTheProvidersFlux(CapturedOutput log) {
		CountDownLatch first = new CountDownLatch(1);
		Disposable subscription = this.consumer.blocking.items("a").subscribe((item) -> first.countDown());
		await(() -> first.getCount() == 0);

		subscription.dispose();

		await(() -> this.bench.cancelled.contains("a"));
		await(() -> ServerState.cancellable(this.providing) == 0);
		assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

	@Test
	void cancellingTheFutureInterruptsAMethodThatAllowsIt(CapturedOutput log) {
		CompletableFuture<String> call = this.consumer.async.interruptible("a");
		await(() -> this.bench.started.contains("a"));

		call.cancel(true);

		await(() -> this.bench.interrupted.contains("a"));
		for (int i = 0; i < 20; i++) {
			assertThat(this.consumer.async.quick("b")).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("b");
		}
		assertThat(this.bench.leaked).hasValue(0);
		assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

	@Test
	void interruptingTheCallerInterruptsAMethodThatAllowsIt(CapturedOutput log) {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		AtomicBoolean interrupted = new AtomicBoolean();
		Thread caller = new Thread(() -> {
			try {
				this.consumer.blocking.interruptible("a");
			}
			catch (Throwable ex) {
				interrupted.set(Thread.currentThread().isInterrupted());
				failure.set(ex);
			}
		});
		caller.start();
		await(() -> this.bench.started.contains("a"));

		caller.interrupt();

		await(() -> this.bench.interrupted.contains("a"));
		await(() -> failure.get() != null);
		assertThat(failure.get()).isInstanceOf(CancellationException.class);
		assertThat(interrupted).isTrue();
		assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

	@Test
	void theDeadlineInterruptsAMethodThatAllowsIt(CapturedOutput log) {
		assertThatExceptionOfType(RpcDeadlineExceededException.class)
			.isThrownBy(() -> this.consumer.blocking.hasty("a"));

		await(() -> this.bench.interrupted.contains("a"));
		assertThat(this.consumer.blocking.quick("b")).isEqualTo("b");
		assertThat(this.bench.leaked).hasValue(0);
		assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

	@Test
	void aMethodThatDoesNotAllowInterruptsRunsToItsEnd(CapturedOutput log) {
		CompletableFuture<String> call = this.consumer.async.stubborn("a");
		await(() -> this.bench.started.contains("a"));
		call.cancel(true);
		// by now a cancellation that was sent would have arrived
		CompletableFuture<String> other = this.consumer.async.interruptible("b");
		await(() -> this.bench.started.contains("b"));
		other.cancel(true);
		await(() -> this.bench.interrupted.contains("b"));

		this.bench.release.countDown();

		await(() -> this.bench.finished.contains("a"));
		assertThat(this.bench.interrupted).doesNotContain("a");
		assertThat(log).doesNotContain(" WARN ").doesNotContain(" ERROR ");
	}

	@Test
	void cancelsWhileEveryConnectionIsBusy() {
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			calls.add(this.consumer.async.reactive("job" + i));
		}
		await(() -> this.bench.started.size() >= 64);

		calls.get(0).cancel(true);

		await(() -> this.bench.cancelled.contains("job0"));
		assertThat(this.bench.cancelled).hasSize(1);
		calls.forEach((call) -> call.cancel(true));
	}

	private static void await(Callable<Boolean> condition) {
		org.awaitility.Awaitility.await()
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(20))
			.until(condition);
	}

	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("workshop")
		Workshop blocking;

		@RpcReference("workshop")
		Workshop.Async async;

	}

}
