package dev.rpcboot.benchmark.load;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.rpcboot.benchmark.peer.Usage;

/**
 * What was measured at a point, written as numbers with blanks between them.
 *
 * @param callsPerSecond answered calls per second
 * @param p50 microseconds that half of the fast calls stay below
 * @param p99 microseconds that 99 % of the fast calls stay below
 * @param p999 microseconds that 99.9 % of the fast calls stay below
 * @param clientCpu CPU microseconds of the client's process per call, which is
 * milliseconds per 1,000 calls
 * @param serverCpu CPU microseconds of the server's process per call
 * @param clientBytes bytes that the client's process allocates per call
 * @param serverBytes bytes that the server's process allocates per call
 */
public record Figures(double callsPerSecond, double p50, double p99, double p999, double clientCpu, double serverCpu,
		double clientBytes, double serverBytes) {

	static Figures of(Latencies latencies, Usage client, Usage server) {
		double calls = latencies.calls();
		return new Figures(latencies.callsPerSecond(), latencies.percentile(50), latencies.percentile(99),
				latencies.percentile(99.9), client.cpu() / 1e3 / calls, server.cpu() / 1e3 / calls,
				client.allocated() / calls, server.allocated() / calls);
	}

	/** Reads what {@link #toString} wrote. */
	public static Figures of(String text) {
		return of(Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray());
	}

	private static Figures of(double[] all) {
		return new Figures(all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7]);
	}

	/** The median of each figure. */
	public static Figures median(List<Figures> rounds) {
		List<double[]> all = rounds.stream().map(Figures::all).toList();
		return of(IntStream.range(0, all.get(0).length)
			.mapToDouble((i) -> median(all.stream().mapToDouble((one) -> one[i]).toArray()))
			.toArray());
	}

	private static double median(double[] figures) {
		Arrays.sort(figures);
		int middle = figures.length / 2;
		return (figures.length % 2 == 1) ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
	}

	/** CPU microseconds of both processes per call. */
	public double cpu() {
		return this.clientCpu + this.serverCpu;
	}

	private double[] all() {
		return new double[] { this.callsPerSecond, this.p50, this.p99, this.p999, this.clientCpu, this.serverCpu,
				this.clientBytes, this.serverBytes };
	}

	@Override
	public String toString() {
		return Arrays.stream(all()).mapToObj(Double::toString).collect(Collectors.joining(" "));
	}

}
