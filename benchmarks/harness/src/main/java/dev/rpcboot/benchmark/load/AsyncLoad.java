package dev.rpcboot.benchmark.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerClient;
import org.jspecify.annotations.Nullable;

/**
 * Callers that do not wait: each next call is made by whoever brings the answer to the
 * one before.
 */
final class AsyncLoad implements Load {

	private final int inFlight;

	AsyncLoad(int inFlight) {
		this.inFlight = inFlight;
	}

	@Override
	public Latencies run(PeerClient client, Workload workload, Duration duration) throws InterruptedException {
		long begin = System.nanoTime();
		List<Caller> callers = new ArrayList<>();
		for (int i = 0; i < this.inFlight; i++) {
			callers.add(new Caller(client, workload, i * 37, begin + duration.toNanos()));
		}
		callers.forEach(Caller::callOn);
		try {
			Latencies all = new Latencies(client);
			for (Caller caller : callers) {
				all.add(caller.ended.get());
			}
			all.elapsed(System.nanoTime() - begin);
			return all;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A call failed", ex.getCause());
		}
	}

	private static final class Caller {

		private final PeerClient client;

		private final Workload workload;

		private final long end;

		private final Latencies latencies;

		private final CompletableFuture<Latencies> ended = new CompletableFuture<>();

		private int n;

		Caller(PeerClient client, Workload workload, int first, long end) {
			this.client = client;
			this.workload = workload;
			this.n = first;
			this.end = end;
			this.latencies = new Latencies(client);
		}

		/**
		 * Calls until an answer has to come later. A loop, since many answers that are
		 * there at once would be a deep recursion.
		 */
		void callOn() {
			try {
				long begun = System.nanoTime();
				while (begun < this.end) {
					Operation operation = this.workload.operation(this.n++);
					CompletableFuture<?> call = this.client.callAsync(operation);
					if (!call.isDone()) {
						long since = begun;
						call.whenComplete((answer, failure) -> later(operation, answer, failure, since));
						return;
					}
					Object answer = call.join();
					long now = System.nanoTime();
					this.latencies.answered(operation, answer, now - begun);
					begun = now;
				}
				this.ended.complete(this.latencies);
			}
			// wide: whatever a peer or a check throws would be lost in a thread of the
			// peer
			catch (Throwable ex) {
				this.ended.completeExceptionally(ex);
			}
		}

		private void later(Operation operation, @Nullable Object answer, @Nullable Throwable failure, long begun) {
			try {
				if (failure != null || answer == null) {
					throw new IllegalStateException("No answer to " + operation, failure);
				}
				this.latencies.answered(operation, answer, System.nanoTime() - begun);
			}
			catch (RuntimeException ex) {
				this.ended.completeExceptionally(ex);
				return;
			}
			callOn();
		}

	}

}
