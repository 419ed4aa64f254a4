package dev.rpcboot.autoconfigure.client;

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/**
 * What applies where no property says otherwise. The configuration metadata repeats it
 * for editors; a test compares the two.
 */
final class ClientDefaults {

	static final Duration TIMEOUT = Duration.ofSeconds(5);

	static final int MAX_ATTEMPTS = 3;

	static final String PATH = "/rpc";

	static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

	static final int MAX_CONNECTIONS = 64;

	// below the keep-alive of servers: Tomcat's is 20s, and proxies' often 15s
	static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

	static final DataSize MAX_ANSWER_SIZE = DataSize.ofMegabytes(16);

	static final Duration STREAM_IDLE_TIMEOUT = Duration.ofSeconds(30);

	// below about a gigabit per second a smaller message is there sooner; see the page on
	// performance
	static final DataSize COMPRESSION_MIN_SIZE = DataSize.ofKilobytes(8);

	static final boolean COALESCING = true;

	static final boolean HTTP2 = false;

	static final boolean CIRCUIT_BREAKER = true;

	static final int SLIDING_WINDOW_SIZE = 20;

	static final int MINIMUM_NUMBER_OF_CALLS = 10;

	static final float FAILURE_RATE_THRESHOLD = 50;

	static final float SLOW_CALL_RATE_THRESHOLD = 100;

	static final Duration WAIT_DURATION_IN_OPEN_STATE = Duration.ofSeconds(5);

	static final int PERMITTED_NUMBER_OF_CALLS_IN_HALF_OPEN_STATE = 3;

	private ClientDefaults() {
	}

	/**
	 * A call is slow that takes 0.8 of its time.
	 */
	static Duration slowCallDurationThreshold(Duration timeout) {
		return timeout.multipliedBy(4).dividedBy(5);
	}

}
