package dev.rpcboot.benchmark.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.HdrHistogram.Histogram;

/**
 * Callers that each call again as soon as they have their answer. The first call that
 * fails, or gets a wrong answer, ends the run.
 */
final class ClosedLoop {

	private ClosedLoop() {
	}

	/**
	 * Runs the callers, each on a platform thread of its own.
	 * @param call one call, with the check of its answer
	 * @param duration for how long to measure
	 */
	static Measurement run(Runnable call, int callers, Duration duration) throws InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			CountDownLatch start = new CountDownLatch(callers);
			List<Future<Histogram>> loops = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				loops.add(threads.submit(loop(call, start, duration)));
			}
			Histogram all = new Histogram(3);
			for (Future<Histogram> loop : loops) {
				all.add(loop.get());
			}
			return Measurement.of(all, duration);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A call failed", ex.getCause());
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static Callable<Histogram> loop(Runnable call, CountDownLatch start, Duration duration) {
		return () -> {
			Histogram latencies = new Histogram(3);
			// one call before the clock runs: its connection is made
			call.run();
			start.countDown();
			start.await();
			long before = System.nanoTime();
			long end = before + duration.toNanos();
			while (before < end) {
				call.run();
				long after = System.nanoTime();
				latencies.recordValue(after - before);
				before = after;
			}
			return latencies;
		};
	}

}
