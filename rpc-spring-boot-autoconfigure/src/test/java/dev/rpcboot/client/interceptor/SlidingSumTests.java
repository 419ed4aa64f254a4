package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.rpcboot.client.Resilience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class SlidingSumTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

	private final SlidingSum sum = new SlidingSum(Duration.ofSeconds(10), 10, this.now::get);

	@Test
	void countsWhatWasAddedWithinTheWindow() {
		this.sum.add(3);
		pass(Duration.ofSeconds(5));
		this.sum.add(4);
		pass(Duration.ofMillis(5900));

		assertThat(this.sum.sum()).isEqualTo(7);
	}

	@Test
	void forgetsWhatWasAddedBefore() {
		this.sum.add(3);
		pass(Duration.ofSeconds(5));
		this.sum.add(4);
		pass(Duration.ofSeconds(6));

		assertThat(this.sum.sum()).isEqualTo(4);
	}

	@Test
	void forgetsEverythingAfterALongTime() {
		this.sum.add(3);
		pass(Duration.ofDays(1));

		assertThat(this.sum.sum()).isZero();
		this.sum.add(1);
		assertThat(this.sum.sum()).isEqualTo(1);
	}

	@Test
	void givesNoAttemptTwiceToManyThreads() throws Exception {
		AttemptBudget budget = new AttemptBudget(new Resilience.Budget(0.5, 1), this.now::get);
		AtomicInteger taken = new AtomicInteger();

		inParallel(() -> {
			for (int i = 0; i < 1000; i++) {
				budget.deposit();
				if (budget.tryWithdraw()) {
					taken.incrementAndGet();
				}
			}
		});
		while (budget.tryWithdraw()) {
			taken.incrementAndGet();
		}

		assertThat(taken).hasValue(4 * 1000 / 2 + 10);
	}

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

	private static void inParallel(Runnable work) throws InterruptedException, ExecutionException {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<? extends Future<?>> all = IntStream.range(0, 4).mapToObj((i) -> threads.submit(work)).toList();
			for (Future<?> one : all) {
				one.get();
			}
		}
		finally {
			threads.shutdown();
			threads.awaitTermination(10, TimeUnit.SECONDS);
		}
	}

}
