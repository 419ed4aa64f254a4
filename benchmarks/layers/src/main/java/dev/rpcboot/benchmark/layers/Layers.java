package dev.rpcboot.benchmark.layers;

import java.util.Collection;
import java.util.Locale;
import java.util.Objects;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks of layers and prints a table in Markdown.
 */
public final class Layers {

	private Layers() {
	}

	/**
	 * Runs them.
	 * @param args a pattern for their names, or nothing
	 */
	public static void main(String[] args) throws RunnerException {
		Collection<RunResult> results = new Runner(
				new OptionsBuilder().include((args.length > 0) ? args[0] : "Benchmark")
					.addProfiler(GCProfiler.class)
					.build())
			.run();
		System.out.println("\n| Layer | µs | ± | Bytes |\n|---|--:|--:|--:|");
		for (RunResult result : results) {
			System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f | %,.0f |%n", name(result.getParams()),
					result.getPrimaryResult().getScore(), result.getPrimaryResult().getScoreError(),
					Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm")).getScore());
		}
	}

	private static String name(BenchmarkParams benchmark) {
		String name = benchmark.getBenchmark().replaceAll(".*\\.(\\w+)Benchmark\\.", "$1: ");
		String message = benchmark.getParam("message");
		return (message != null) ? name + ", " + message.toLowerCase(Locale.ROOT) : name;
	}

}
