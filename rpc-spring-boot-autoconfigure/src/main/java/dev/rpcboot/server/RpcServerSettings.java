package dev.rpcboot.server;

import java.time.Duration;
import java.util.List;

import dev.rpcboot.call.RpcConfigurationException;

import org.springframework.util.unit.DataSize;

/**
 * How a provider answers. Immutable.
 *
 * @param path where the services stand: {@code /rpc}; without a slash at the end
 * @param statusMode which HTTP status carries which error
 * @param allowedOrigins values of {@code Origin} that are let in; a request without that
 * header always is
 * @param allowedHosts values of {@code Host}, with or without port, that are let in;
 * empty for all
 * @param maxRequestSize largest body of a request
 * @param maxRequestMemory bytes of all requests that are being read at a time
 * @param maxAnswerSize largest body of an answer
 * @param maxTimeout longest time for a call, and the time of a call that brings none
 * @param batchConcurrency how many entries of a batch run at a time
 * @param coalescing which calls of several callers may travel in one request
 * @param maxOneWay how many accepted one-way calls run at a time; more are refused
 * @param streams how results that come item by item are sent
 * @param compression which messages may travel compressed
 * @param concurrency how many requests run at a time
 * @since 0.1
 */
public record RpcServerSettings(String path, HttpStatusMode statusMode, List<String> allowedOrigins,
		List<String> allowedHosts, DataSize maxRequestSize, DataSize maxRequestMemory, DataSize maxAnswerSize,
		Duration maxTimeout, int batchConcurrency, Coalescing coalescing, int maxOneWay, Streams streams,
		Compression compression, Concurrency concurrency) {

	// buffers double as they grow, and an array cannot
	private static final long MAX_SIZE = DataSize.ofGigabytes(1).toBytes();

	public RpcServerSettings {
		allowedOrigins = List.copyOf(allowedOrigins);
		allowedHosts = List.copyOf(allowedHosts);
		if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
			throw new RpcConfigurationException("The path '" + path + "' cannot carry services.",
					"Set rpc.server.path to segments of letters, digits, dots, underscores, tildes or hyphens,"
							+ " each behind a slash, such as /rpc.");
		}
		if (maxRequestSize.toBytes() < 1 || maxRequestSize.toBytes() >= MAX_SIZE) {
			throw new RpcConfigurationException("A request of " + maxRequestSize + " cannot be held in memory.",
					"Set rpc.server.max-request-size to at least 1B and less than 1GB.");
		}
		if (maxRequestMemory.compareTo(maxRequestSize) < 0) {
			throw new RpcConfigurationException(
					"A request of " + maxRequestSize + " cannot be read into " + maxRequestMemory + ".",
					"Set rpc.server.max-request-memory to no less than rpc.server.max-request-size.");
		}
		if (maxAnswerSize.toBytes() < 1024 || maxAnswerSize.toBytes() >= MAX_SIZE) {
			throw new RpcConfigurationException("An answer of " + maxAnswerSize + " cannot be made in memory.",
					"Set rpc.server.max-answer-size to at least 1KB and less than 1GB.");
		}
		if (maxTimeout.isNegative() || maxTimeout.isZero()) {
			throw new RpcConfigurationException("A call cannot end within " + maxTimeout + ".",
					"Set rpc.server.max-timeout to a time above zero.");
		}
		if (batchConcurrency < 1) {
			throw new RpcConfigurationException("A batch cannot run " + batchConcurrency + " entries at a time.",
					"Set rpc.server.batch.concurrency to 1 or more.");
		}
		if (maxOneWay < 1) {
			throw new RpcConfigurationException("No one-way call can run if " + maxOneWay + " may.",
					"Set rpc.server.max-threads to 1 or more.");
		}
	}

	/**
	 * How results that come item by item are sent.
	 *
	 * @param heartbeat after which time without an item a comment is sent
	 * @param stallTimeout how long a reader may take nothing of what is there
	 */
	public record Streams(Duration heartbeat, Duration stallTimeout) {

		public Streams {
			atLeastOneMillisecond("heartbeat", heartbeat);
			atLeastOneMillisecond("stall-timeout", stallTimeout);
		}

		private static void atLeastOneMillisecond(String property, Duration time) {
			if (time.toMillis() < 1) {
				throw new RpcConfigurationException("A stream cannot be looked after every " + time + ".",
						"Set rpc.server.stream." + property + " to 1ms or more.");
			}
		}

	}

	/**
	 * How many requests run at a time: as many as the server can answer without making
	 * them wait, which it finds out, within these bounds.
	 *
	 * @param min how many run whatever happens, if there are threads for them
	 * @param max how many run at most
	 * @param threads how many hold a thread of the container at most
	 */
	public record Concurrency(int min, int max, int threads) {

		/** No bounds, and so nothing to find out. */
		public static final Concurrency UNLIMITED = new Concurrency(Integer.MAX_VALUE, Integer.MAX_VALUE,
				Integer.MAX_VALUE);

		public Concurrency {
			if (min < 1 || max < min) {
				throw new RpcConfigurationException(
						"Between " + min + " and " + max + " requests cannot run at a time.",
						"Set rpc.server.overload.min-concurrency to 1 or more, and"
								+ " rpc.server.overload.max-concurrency to no less than that.");
			}
		}

	}

	/**
	 * Which messages may travel compressed.
	 *
	 * @param enabled whether compressed requests are read and answers compressed for
	 * callers that ask for it
	 * @param minSize size of an answer from which it is worth while
	 */
	public record Compression(boolean enabled, DataSize minSize) {
	}

	/**
	 * Which calls of several callers may travel in one request.
	 *
	 * @param most how many; 0 for none
	 * @param threshold those of methods that usually take less
	 */
	public record Coalescing(int most, Duration threshold) {
	}

}
