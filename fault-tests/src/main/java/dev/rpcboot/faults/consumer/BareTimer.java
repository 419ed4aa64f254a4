package dev.rpcboot.faults.consumer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.faults.consumer.LoadReport.Latency;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How late a timer is on this machine that has nothing else to do: what no library can do
 * better.
 */
final class BareTimer {

	private BareTimer() {
	}

	/**
	 * Sets timers, one every ten milliseconds, and measures after what time they went
	 * off.
	 */
	static Latency measure(Timers timers) throws InterruptedException {
		Histogram micros = new ConcurrentHistogram(2);
		CountDownLatch running = new CountDownLatch(timers.count());
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		try {
			for (int i = 0; i < timers.count(); i++) {
				long due = System.nanoTime() + timers.millis() * 1_000_000;
				timer.schedule(() -> {
					micros.recordValue(timers.millis() * 1000 + Math.max(0, System.nanoTime() - due) / 1000);
					running.countDown();
				}, timers.millis(), TimeUnit.MILLISECONDS);
				TimeUnit.MILLISECONDS.sleep(10);
			}
			running.await();
		}
		finally {
			timer.shutdownNow();
		}
		return Latency.of(micros);
	}

	/**
	 * Timers to set.
	 */
	record Timers(long millis, int count) {
	}

}
