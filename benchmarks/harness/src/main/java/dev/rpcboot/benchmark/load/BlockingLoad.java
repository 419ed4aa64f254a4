package dev.rpcboot.benchmark.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerClient;

/**
 * Callers that wait for their answers, each on a thread of its own.
 */
final class BlockingLoad implements Load {

	private final Supplier<ExecutorService> threads;

	private final int callers;

	BlockingLoad(Supplier<ExecutorService> threads, int callers) {
		this.threads = threads;
		this.callers = callers;
	}

	@Override
	public Latencies run(PeerClient client, Workload workload, Duration duration) throws InterruptedException {
		ExecutorService executor = this.threads.get();
		try {
			CountDownLatch ready = new CountDownLatch(this.callers + 1);
			List<Future<Latencies>> callers = new ArrayList<>();
			for (int i = 0; i < this.callers; i++) {
				// not all at the same place of a mix
				callers.add(executor.submit(caller(client, workload, i * 37, duration, ready)));
			}
			ready.countDown();
			ready.await();
			long begin = System.nanoTime();
			Latencies all = new Latencies(client);
			for (Future<Latencies> caller : callers) {
				all.add(caller.get());
			}
			all.elapsed(System.nanoTime() - begin);
			return all;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A call failed", ex.getCause());
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static Callable<Latencies> caller(PeerClient client, Workload workload, int first, Duration duration,
			CountDownLatch ready) {
		return () -> {
			Latencies latencies = new Latencies(client);
			ready.countDown();
			ready.await();
			long before = System.nanoTime();
			long end = before + duration.toNanos();
			for (int n = first; before < end; n++) {
				Operation operation = workload.operation(n);
				Object answer = client.call(operation);
				long after = System.nanoTime();
				latencies.answered(operation, answer, after - before);
				before = after;
			}
			return latencies;
		};
	}

}
