package dev.rpcboot.faults.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Makes calls in an open loop: each starts when the plan says, however the others fare. A
 * call that has to wait for a thread has waited, and its latency says so.
 */
final class LoadGenerator implements AutoCloseable {

	// above what any plan needs at a time; blocking callers are what applications have
	private static final int THREADS = 1200;

	private final ThreadPoolExecutor threads = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES,
			new LinkedBlockingQueue<>());

	private final BiFunction<Operation, String, UnaryOperator<String>> methods;

	private final AttemptLog attempts;

	LoadGenerator(BiFunction<Operation, String, UnaryOperator<String>> methods, AttemptLog attempts) {
		this.methods = methods;
		this.attempts = attempts;
		this.threads.allowCoreThreadTimeOut(true);
	}

	LoadReport run(LoadPlan plan) throws InterruptedException {
		List<UnaryOperator<String>> methods = plan.operations()
			.stream()
			.map((operation) -> this.methods.apply(operation, plan.target()))
			.toList();
		CallRecorder recorder = new CallRecorder(plan);
		CountDownLatch running = new CountDownLatch(plan.calls());
		// a thread that has to be started makes its call late
		this.threads.prestartAllCoreThreads();
		long begin = System.nanoTime();
		for (int i = 0; i < plan.calls(); i++) {
			int call = i;
			long start = plan.start(call);
			await(begin + start);
			this.threads.execute(() -> {
				try {
					call(plan, call, methods, recorder, begin);
				}
				finally {
					running.countDown();
				}
			});
		}
		running.await();
		return recorder.report(plan.calls(), picks(begin, plan.target()));
	}

	private static void await(long time) {
		long left;
		while ((left = time - System.nanoTime()) > 0) {
			LockSupport.parkNanos(left);
		}
	}

	private static void call(LoadPlan plan, int call, List<UnaryOperator<String>> methods, CallRecorder recorder,
			long begin) {
		long start = plan.start(call);
		String id = CallId.of(plan, call);
		try {
			String provider = methods.get(call % methods.size()).apply(id);
			recorder.succeeded(start, System.nanoTime() - begin - start, provider);
		}
		// an error too is an outcome of the call
		catch (Throwable ex) {
			recorder.failed(start, System.nanoTime() - begin - start, id, ex);
		}
	}

	private List<Map<String, Long>> picks(long begin, String target) {
		List<Map<String, Long>> seconds = new ArrayList<>();
		this.attempts.since(begin, target).forEach((attempt) -> {
			int second = (int) ((attempt.nanos() - begin) / 1_000_000_000);
			while (seconds.size() <= second) {
				seconds.add(new HashMap<>());
			}
			seconds.get(second).merge(Integer.toString(attempt.port()), 1L, Long::sum);
		});
		return seconds;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

}
