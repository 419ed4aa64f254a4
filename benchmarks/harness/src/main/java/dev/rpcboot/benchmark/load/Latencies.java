package dev.rpcboot.benchmark.load;

import java.util.EnumMap;
import java.util.Map;

import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerClient;
import org.HdrHistogram.Histogram;

/**
 * How long calls took, in nanoseconds. For one caller at a time.
 */
final class Latencies {

	private final Map<Operation, Object> expected = new EnumMap<>(Operation.class);

	private final Histogram fast = new Histogram(3);

	private long slow;

	private long elapsed;

	Latencies(PeerClient client) {
		for (Operation operation : Operation.values()) {
			this.expected.put(operation, client.expected(operation));
		}
	}

	/**
	 * Takes in a call.
	 * @throws IllegalStateException if the answer is wrong
	 */
	void answered(Operation operation, Object answer, long nanos) {
		Object expected = this.expected.get(operation);
		if (!answer.equals(expected)) {
			throw new IllegalStateException(
					"Wrong answer to " + operation + ": expected " + expected + " but got " + answer);
		}
		if (operation.isSlow()) {
			this.slow++;
		}
		else {
			this.fast.recordValue(nanos);
		}
	}

	/** Takes in what another caller has measured in the same time. */
	void add(Latencies other) {
		this.fast.add(other.fast);
		this.slow += other.slow;
	}

	void elapsed(long nanos) {
		this.elapsed = nanos;
	}

	long calls() {
		return this.fast.getTotalCount() + this.slow;
	}

	double callsPerSecond() {
		return calls() / (this.elapsed / 1e9);
	}

	/** Microseconds that so many of 100 calls stay below, those aside that are slow. */
	double percentile(double percentile) {
		return this.fast.getValueAtPercentile(percentile) / 1e3;
	}

}
