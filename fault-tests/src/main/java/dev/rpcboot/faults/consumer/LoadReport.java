package dev.rpcboot.faults.consumer;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.HdrHistogram.Histogram;

/**
 * What became of the calls of a plan. Latencies are measured from the moment at which a
 * call was to start, so that a caller that was held up does not hide what holds it up.
 *
 * @param calls how many were made
 * @param failures how many failed, by the failure
 * @param failedCalls each of them
 * @param all latencies of all calls
 * @param succeeded latencies of those that succeeded
 * @param failed latencies of those that failed
 * @param answeredBy how many calls each provider answered
 * @param attempts how many attempts were made
 * @param seconds the same for each second in which calls were to start
 */
public record LoadReport(int calls, Map<String, Long> failures, List<FailedCall> failedCalls, Latency all,
		Latency succeeded, Latency failed, Map<String, Long> answeredBy, long attempts, List<Second> seconds) {

	/** Calls that failed. */
	public int failedCount() {
		return this.failedCalls.size();
	}

	/**
	 * Calls that failed otherwise than so.
	 */
	public Stream<FailedCall> failedCallsExcept(String outcome) {
		return this.failedCalls.stream().filter((call) -> !call.outcome().startsWith(outcome));
	}

	/**
	 * Share of the attempts that went to the port, from a second on and up to another.
	 */
	public double shareOf(int port, int from, int to) {
		long picked = 0;
		long all = 0;
		for (Second second : this.seconds.subList(Math.min(from, this.seconds.size()),
				Math.min(to, this.seconds.size()))) {
			picked += second.picks().getOrDefault(Integer.toString(port), 0L);
			all += second.picks().values().stream().mapToLong(Long::longValue).sum();
		}
		return (all == 0) ? 0 : (double) picked / all;
	}

	/**
	 * One call that failed.
	 *
	 * @param outcome exception, reason and execution
	 * @param startMillis when it was to start, from the start of all
	 */
	public record FailedCall(String callId, String outcome, long startMillis, long durationMillis) {

		/** Whether the client said that the method was not entered. */
		public boolean isNotExecuted() {
			return this.outcome.endsWith("NOT_EXECUTED");
		}

	}

	/**
	 * One second.
	 *
	 * @param picks attempts by the port to which they went
	 */
	public record Second(int calls, int failed, Latency latency, Map<String, Long> picks) {
	}

	/**
	 * Latencies in milliseconds.
	 */
	public record Latency(long count, double p50, double p95, double p99, double p999, double max) {

		static Latency of(Histogram micros) {
			return new Latency(micros.getTotalCount(), at(micros, 50), at(micros, 95), at(micros, 99), at(micros, 99.9),
					micros.getMaxValue() / 1000.0);
		}

		private static double at(Histogram micros, double percentile) {
			return micros.getValueAtPercentile(percentile) / 1000.0;
		}

	}

}
