package dev.rpcboot.server;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls that come at a steady rate, whether earlier ones are answered or not, each with a
 * deadline in milliseconds.
 */
final class Load {

	private final long deadline;

	private final AtomicInteger inTime = new AtomicInteger();

	private final AtomicInteger late = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();

	final ConcurrentLinkedQueue<Long> refusalTimes = new ConcurrentLinkedQueue<>();

	private Load(long deadline) {
		this.deadline = deadline;
	}

	static Load run(RunningServer server, ExecutorService callers, int calls, int perSecond, long deadline,
			String... headers) throws InterruptedException {
		Load load = new Load(deadline);
		CountDownLatch answered = new CountDownLatch(calls);
		long start = System.nanoTime();
		for (int i = 0; i < calls; i++) {
			long intended = start + TimeUnit.SECONDS.toNanos(i) / perSecond;
			for (long left = intended - System.nanoTime(); left > 0; left = intended - System.nanoTime()) {
				LockSupport.parkNanos(left);
			}
			callers.execute(() -> {
				load.call(server, intended, headers);
				answered.countDown();
			});
		}
		if (!answered.await(30, TimeUnit.SECONDS)) {
			throw new IllegalStateException(answered.getCount() + " calls without an answer");
		}
		return load;
	}

	private void call(RunningServer server, long intended, String... headers) {
		List<String> all = new ArrayList<>(List.of(headers));
		all.addAll(List.of("Rpc-Timeout-Ms", Long.toString(this.deadline), "Connection", "close"));
		try {
			RawHttp.Answer answer = server.call("Work", WorkApplication.WORK, all.toArray(String[]::new));
			long took = System.nanoTime() - intended;
			switch (answer.status()) {
				case 200 -> ((took <= TimeUnit.MILLISECONDS.toNanos(this.deadline)) ? this.inTime : this.late)
					.incrementAndGet();
				case 503 -> {
					this.refused.incrementAndGet();
					this.refusalTimes.add(took);
				}
				case 504 -> this.late.incrementAndGet();
				default -> this.others.add(answer.text());
			}
		}
		catch (UncheckedIOException ex) {
			this.others.add(ex.toString());
		}
	}

	int inTime() {
		return this.inTime.get();
	}

	int refused() {
		return this.refused.get();
	}

	@Override
	public String toString() {
		List<Long> times = this.refusalTimes.stream().sorted().toList();
		return this.inTime + " in time, " + this.late + " late, " + this.refused + " refused, p99 of refusals "
				+ (times.isEmpty() ? 0 : times.get(times.size() * 99 / 100) / 1_000_000.0) + " ms, others "
				+ this.others.size() + " " + this.others.peek();
	}

}
