package dev.rpcboot.faults.consumer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

import dev.rpcboot.RpcException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.faults.consumer.LoadReport.FailedCall;
import dev.rpcboot.faults.consumer.LoadReport.Latency;
import dev.rpcboot.faults.consumer.LoadReport.Second;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what becomes of the calls of one plan. Safe for concurrent use.
 */
final class CallRecorder {

	private static final long SECOND = 1_000_000_000;

	private final Map<String, LongAdder> answeredBy = new ConcurrentHashMap<>();

	private final Queue<FailedCall> failed = new ConcurrentLinkedQueue<>();

	private final Histogram succeededMicros = histogram();

	private final Histogram failedMicros = histogram();

	private final Histogram[] perSecond;

	CallRecorder(LoadPlan plan) {
		this.perSecond = new Histogram[(int) (plan.start(plan.calls() - 1) / SECOND) + 2];
		for (int i = 0; i < this.perSecond.length; i++) {
			this.perSecond[i] = histogram();
		}
	}

	private static Histogram histogram() {
		return new ConcurrentHistogram(2);
	}

	void succeeded(long start, long nanos, String provider) {
		this.answeredBy.computeIfAbsent(provider, (name) -> new LongAdder()).increment();
		record(this.succeededMicros, start, nanos);
	}

	void failed(long start, long nanos, String callId, Throwable failure) {
		this.failed.add(new FailedCall(callId, outcome(failure), start / 1_000_000, nanos / 1_000_000));
		record(this.failedMicros, start, nanos);
	}

	private void record(Histogram all, long start, long nanos) {
		all.recordValue(nanos / 1000);
		this.perSecond[(int) (start / SECOND)].recordValue(nanos / 1000);
	}

	private static String outcome(Throwable failure) {
		String type = failure.getClass().getSimpleName();
		if (!(failure instanceof RpcException rpc)) {
			return type;
		}
		String reason = reason(rpc);
		return type + ((reason != null) ? "/" + reason : "") + "/" + rpc.execution();
	}

	private static @Nullable String reason(RpcException failure) {
		if (failure instanceof RpcUnavailableException unavailable) {
			return unavailable.reason().name();
		}
		return (failure instanceof RpcRemoteException remote) ? Integer.toString(remote.code()) : null;
	}

	/**
	 * All of it.
	 * @param attempts that were made, as seconds and ports
	 */
	LoadReport report(int calls, List<Map<String, Long>> attempts) {
		Map<String, Long> failures = new TreeMap<>();
		int[] failedPerSecond = new int[this.perSecond.length];
		for (FailedCall call : this.failed) {
			failures.merge(call.outcome(), 1L, Long::sum);
			failedPerSecond[(int) (call.startMillis() / 1000)]++;
		}
		List<Second> seconds = new ArrayList<>();
		for (int i = 0; i < this.perSecond.length; i++) {
			Map<String, Long> picks = (i < attempts.size()) ? attempts.get(i) : Map.of();
			seconds.add(new Second((int) this.perSecond[i].getTotalCount(), failedPerSecond[i],
					Latency.of(this.perSecond[i]), picks));
		}
		Histogram all = this.succeededMicros.copy();
		all.add(this.failedMicros);
		Map<String, Long> answered = new HashMap<>();
		this.answeredBy.forEach((name, count) -> answered.put(name, count.sum()));
		long attempted = attempts.stream()
			.flatMap((second) -> second.values().stream())
			.mapToLong(Long::longValue)
			.sum();
		return new LoadReport(calls, failures, List.copyOf(this.failed), Latency.of(all),
				Latency.of(this.succeededMicros), Latency.of(this.failedMicros), answered, attempted, seconds);
	}

}
