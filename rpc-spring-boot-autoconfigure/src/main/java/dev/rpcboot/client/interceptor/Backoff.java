package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: any time up to a limit that doubles with each
 * attempt, so that callers who failed together do not come back together.
 *
 * @param random from 0 to 1
 * @see <a href=
 * "https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 * Backoff And Jitter: "full jitter"</a>
 */
record Backoff(DoubleSupplier random) {

	private static final Duration BASE = Duration.ofMillis(50);

	private static final int MAX_DOUBLINGS = 5;

	/**
	 * The time to wait.
	 * @param attempt number of the attempt that has failed, from 1 on
	 */
	Duration after(int attempt) {
		long limit = BASE.toNanos() << Math.min(attempt - 1, MAX_DOUBLINGS);
		return Duration.ofNanos((long) (limit * this.random.getAsDouble()));
	}

	/**
	 * The time to wait for something that goes on elsewhere: not less than the base.
	 * @param attempt number of the attempt that has failed, from 1 on
	 */
	Duration whileRunning(int attempt) {
		return BASE.plus(after(attempt));
	}

}
