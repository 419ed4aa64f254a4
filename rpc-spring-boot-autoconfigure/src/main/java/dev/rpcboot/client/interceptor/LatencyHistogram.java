package dev.rpcboot.client.interceptor;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How long the calls of a method take, of which a quantile is known: in buckets of which
 * each is an eighth longer than the one before, and with less weight the longer ago.
 * Lock-free; two threads that add at a time may lose a call, which changes nothing.
 */
final class LatencyHistogram {

	private static final int SUB_BITS = 3;

	private static final int SUB_BUCKETS = 1 << SUB_BITS;

	/** Up to 2^32 µs, more than an hour. */
	private static final int BUCKETS = 32 * SUB_BUCKETS;

	/** Calls before anything is said. */
	private static final int MIN_CALLS = 100;

	/** Calls at which all weigh half from then on. */
	private static final int MAX_CALLS = 2000;

	/** Calls after which the quantile is looked up anew. */
	private static final int STEP = 50;

	private final double quantile;

	private final AtomicIntegerArray buckets = new AtomicIntegerArray(BUCKETS);

	private final AtomicInteger calls = new AtomicInteger();

	private volatile long known;

	LatencyHistogram(double quantile) {
		this.quantile = quantile;
	}

	void add(long nanos) {
		this.buckets.incrementAndGet(bucket(TimeUnit.NANOSECONDS.toMicros(nanos)));
		int calls = this.calls.incrementAndGet();
		if (calls % STEP == 0 && calls >= MIN_CALLS) {
			this.known = quantile(calls);
			if (calls >= MAX_CALLS) {
				age();
			}
		}
	}

	/**
	 * The time in nanoseconds within which that share of the calls is over, or 0 while
	 * too few have been seen.
	 */
	long quantile() {
		return this.known;
	}

	private long quantile(int calls) {
		long rank = (long) Math.ceil(calls * this.quantile);
		for (int i = 0; i < BUCKETS; i++) {
			rank -= this.buckets.get(i);
			if (rank <= 0) {
				return TimeUnit.MICROSECONDS.toNanos(end(i));
			}
		}
		return TimeUnit.MICROSECONDS.toNanos(end(BUCKETS - 1));
	}

	private void age() {
		int left = 0;
		for (int i = 0; i < BUCKETS; i++) {
			left += this.buckets.updateAndGet(i, (count) -> count / 2);
		}
		this.calls.set(left);
	}

	private static int bucket(long micros) {
		if (micros < SUB_BUCKETS) {
			return (int) Math.max(0, micros);
		}
		int octave = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
		return Math.min(BUCKETS - 1, ((octave + 1) << SUB_BITS) + (int) ((micros >> octave) & (SUB_BUCKETS - 1)));
	}

	/** The first number of microseconds that is beyond the bucket. */
	private static long end(int bucket) {
		if (bucket < SUB_BUCKETS) {
			return bucket + 1;
		}
		int octave = (bucket >> SUB_BITS) - 1;
		return (long) (SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1)) + 1) << octave;
	}

}
