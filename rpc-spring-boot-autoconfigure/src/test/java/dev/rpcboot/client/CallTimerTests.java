package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class CallTimerTests {

	private final CallTimer timer = new CallTimer();

	@AfterEach
	void stop() {
		this.timer.close();
	}

	@Test
	void wakesNoSoonerThanAsked() throws Exception {
		long start = System.nanoTime();
		CountDownLatch woken = new CountDownLatch(1);

		this.timer.schedule(woken::countDown, Duration.ofMillis(60));

		assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(60).toNanos());
	}

	@Test
	void wakesInTheOrderInWhichTasksAreDue() throws Exception {
		StringBuffer order = new StringBuffer();
		CountDownLatch woken = new CountDownLatch(2);

		this.timer.schedule(() -> {
			order.append("second");
			woken.countDown();
		}, Duration.ofMillis(120));
		this.timer.schedule(() -> {
			order.append("first ");
			woken.countDown();
		}, Duration.ofMillis(20));

		assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(order).hasToString("first second");
	}

	@Test
	void doesNotWakeWhatWasCancelled() throws Exception {
		AtomicBoolean cancelled = new AtomicBoolean();
		CountDownLatch later = new CountDownLatch(1);

		this.timer.schedule(() -> cancelled.set(true), Duration.ofMillis(20)).cancel();
		this.timer.schedule(later::countDown, Duration.ofMillis(80));

		assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(cancelled).isFalse();
	}

	@Test
	void wakesAgainAfterItHasGoneToSleep() throws Exception {
		await().atMost(Duration.ofSeconds(20))
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.anyMatch((thread) -> thread.getName().equals("rpc-client-timer")
						&& thread.getState() == Thread.State.WAITING));
		CountDownLatch woken = new CountDownLatch(1);

		this.timer.schedule(woken::countDown, Duration.ofMillis(1));

		assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void goesOnAfterAnActionThatFails() throws Exception {
		CountDownLatch woken = new CountDownLatch(1);

		this.timer.schedule(() -> {
			throw new IllegalStateException("on purpose");
		}, Duration.ofMillis(1));
		this.timer.schedule(woken::countDown, Duration.ofMillis(30));

		assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void refusesTasksWhenItIsClosed() {
		this.timer.close();

		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.timer.schedule(() -> {
		}, Duration.ofMillis(1)));
	}

}
