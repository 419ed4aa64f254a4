package dev.rpcboot.benchmark.client;

import java.util.Locale;

/**
 * Both clients at one workload and number of callers.
 *
 * @param workload name of the workload
 * @param callers number of callers
 * @param rpc our client
 * @param http Spring's client
 */
record Point(String workload, int callers, Measurement rpc, Measurement http) {

	/** How many calls ours makes in the time in which Spring's makes one. */
	double ratio() {
		return this.rpc.callsPerSecond() / this.http.callsPerSecond();
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%s, %d callers: %.2f (%,.0f and %,.0f calls/s)", this.workload, this.callers,
				ratio(), this.rpc.callsPerSecond(), this.http.callsPerSecond());
	}

}
