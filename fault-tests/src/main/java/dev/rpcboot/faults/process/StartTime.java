package dev.rpcboot.faults.process;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long tests have waited for applications to start, which belongs to no test's own
 * time.
 */
final class StartTime {

	private static final AtomicLong NANOS = new AtomicLong();

	private StartTime() {
	}

	/**
	 * Adds what has passed, and says how much it is by now.
	 * @param since reading of {@link System#nanoTime()} when the wait began
	 */
	static void add(long since) {
		long nanos = NANOS.addAndGet(System.nanoTime() - since);
		System.out.println("starts of applications so far: " + nanos / 1_000_000 + " ms");
	}

}
