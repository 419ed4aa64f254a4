package dev.rpcboot.benchmark.client;

import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

import org.HdrHistogram.Histogram;

/**
 * What a run showed.
 *
 * @param callsPerSecond answered calls per second
 * @param p50 latency that half of the calls stay below, in microseconds
 * @param p99 latency that 99 of 100 calls stay below, in microseconds
 */
record Measurement(double callsPerSecond, double p50, double p99) {

	static Measurement of(Histogram latencies, Duration duration) {
		return new Measurement(latencies.getTotalCount() / (duration.toNanos() / 1e9),
				latencies.getValueAtPercentile(50) / 1e3, latencies.getValueAtPercentile(99) / 1e3);
	}

	/** The median of each figure. */
	static Measurement median(List<Measurement> runs) {
		return new Measurement(median(runs, Measurement::callsPerSecond), median(runs, Measurement::p50),
				median(runs, Measurement::p99));
	}

	private static double median(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
		double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

}
