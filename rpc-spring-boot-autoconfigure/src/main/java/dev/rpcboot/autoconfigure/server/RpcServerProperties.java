package dev.rpcboot.autoconfigure.server;

import java.time.Duration;
import java.util.List;

import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.jsonrpc.JsonRpcLimits;
import dev.rpcboot.server.HttpStatusMode;
import dev.rpcboot.server.RpcServerSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of a provider.
 *
 * @param enabled whether to export services
 * @param path path below which the services stand
 * @param httpStatus which HTTP status carries which error: only where intermediaries can
 * act on it (hybrid), for every error (semantic), or as rarely as possible (compat)
 * @param allowedOrigins origins whose browsers may call; other requests with an Origin
 * header are refused
 * @param allowedHosts hosts, with or without port, under which the services may be
 * called; all if empty
 * @param maxRequestSize largest body of a request
 * @param maxRequestMemory bytes of all requests that are being read at a time; by default
 * a sixteenth of the heap, or one request of the largest size
 * @param maxAnswerSize largest body of an answer
 * @param maxTimeout longest time for a call, and the time of a call that brings none
 * @param limits limits on what a request may contain
 * @param batch limits on batches
 * @param stream results that come item by item
 * @param compression messages that travel compressed
 * @param overload requests that come when there are too many
 * @param drain requests that come when the application stops
 * @param maxThreads threads for methods that block, on WebFlux, for entries of batches
 * and for one-way calls, of which no more than that run at a time
 * @param warnIfUnauthenticated whether to warn at start when services are exported
 * without Spring Security
 * @since 0.1
 */
@ConfigurationProperties("rpc.server")
public record RpcServerProperties(@DefaultValue("true") boolean enabled, @DefaultValue("/rpc") String path,
		@DefaultValue("hybrid") HttpStatusMode httpStatus, @DefaultValue List<String> allowedOrigins,
		@DefaultValue List<String> allowedHosts, @DefaultValue("4MB") DataSize maxRequestSize,
		@Nullable DataSize maxRequestMemory, @DefaultValue("16MB") DataSize maxAnswerSize,
		@DefaultValue("5m") Duration maxTimeout, @DefaultValue Limits limits, @DefaultValue Batch batch,
		@DefaultValue Stream stream, @DefaultValue Compression compression, @DefaultValue Overload overload,
		@DefaultValue Drain drain, @DefaultValue("200") int maxThreads,
		@DefaultValue("true") boolean warnIfUnauthenticated) {

	private static final DataSize COALESCED_REQUEST = DataSize.ofKilobytes(128);

	private static final DataSize COALESCED_ANSWER = DataSize.ofKilobytes(16);

	public RpcServerProperties {
		atLeastOne("max-threads", maxThreads);
		atLeastOne("batch.max-size", batch.maxSize());
		atLeastOne("stream.max-concurrent", stream.maxConcurrent());
		atLeastOne("limits.nesting-depth", limits.nestingDepth());
		atLeastOne("limits.method-length", limits.methodLength());
		atLeastOne("limits.id-length", limits.idLength());
		atLeastOne("limits.number-length", limits.numberLength());
		// the members of a request have names too
		atLeast(JsonRpcLimits.LEAST_NAME_LENGTH, "limits.name-length", limits.nameLength());
	}

	private static void atLeastOne(String property, int value) {
		atLeast(1, property, value);
	}

	private static void atLeast(int least, String property, int value) {
		if (value < least) {
			throw new RpcConfigurationException("With rpc.server." + property + "=" + value + " nothing can be called.",
					"Set rpc.server." + property + " to " + least + " or more, or leave it out.");
		}
	}

	/**
	 * Puts them together.
	 * @param threads how many requests may hold a thread of the web server at a time
	 */
	RpcServerSettings toSettings(int threads) {
		return new RpcServerSettings(this.path, this.httpStatus, this.allowedOrigins, this.allowedHosts,
				this.maxRequestSize, requestMemory(), this.maxAnswerSize, this.maxTimeout, this.batch.concurrency(),
				new RpcServerSettings.Coalescing(maxCoalesced(), this.batch.coalescingThreshold()), this.maxThreads,
				new RpcServerSettings.Streams(this.stream.heartbeat(), this.stream.stallTimeout()),
				new RpcServerSettings.Compression(this.compression.enabled(), this.compression.minSize()),
				this.overload.toConcurrency(threads));
	}

	/**
	 * As many as always find room: clients send no more of them than go into these sizes.
	 */
	private int maxCoalesced() {
		boolean roomy = this.maxRequestSize.compareTo(COALESCED_REQUEST) >= 0;
		return (this.batch.coalescing() && roomy)
				? (int) Math.min(this.batch.maxSize(), this.maxAnswerSize.toBytes() / COALESCED_ANSWER.toBytes()) : 0;
	}

	private DataSize requestMemory() {
		return (this.maxRequestMemory != null) ? this.maxRequestMemory
				: DataSize.ofBytes(Math.max(Runtime.getRuntime().maxMemory() / 16, this.maxRequestSize.toBytes()));
	}

	JsonRpcLimits toLimits() {
		return new JsonRpcLimits(this.limits.nestingDepth(), this.limits.methodLength(), this.limits.idLength(),
				this.limits.numberLength(), this.limits.nameLength(), this.batch.maxSize());
	}

	/**
	 * Limits on what a request may contain.
	 *
	 * @param nestingDepth depth of arrays and objects
	 * @param methodLength characters of a method's name
	 * @param idLength characters of an id
	 * @param numberLength characters of a number
	 * @param nameLength characters of a member's name
	 */
	public record Limits(@DefaultValue("100") int nestingDepth, @DefaultValue("256") int methodLength,
			@DefaultValue("1024") int idLength, @DefaultValue("1000") int numberLength,
			@DefaultValue("256") int nameLength) {
	}

	/**
	 * Limits on batches.
	 *
	 * @param maxSize entries of a batch
	 * @param concurrency entries of a batch that run at a time
	 * @param coalescing whether to let clients of this library send calls of several
	 * callers in one batch
	 * @param coalescingThreshold time that calls of such a method usually take less than
	 */
	public record Batch(@DefaultValue("100") int maxSize, @DefaultValue("16") int concurrency,
			@DefaultValue("true") boolean coalescing, @DefaultValue("50us") Duration coalescingThreshold) {
	}

	/**
	 * Results that come item by item.
	 *
	 * @param maxConcurrent streams that run at a time; more are refused
	 * @param heartbeat time without an item after which a comment is sent, by which a
	 * reader that is gone is noticed
	 * @param stallTimeout time after which a reader that takes nothing is given up
	 */
	public record Stream(@DefaultValue("1000") int maxConcurrent, @DefaultValue("5s") Duration heartbeat,
			@DefaultValue("1m") Duration stallTimeout) {
	}

	/**
	 * Requests that come when there are more than can be served in time.
	 *
	 * @param enabled whether to find out how many requests can run at a time, and to
	 * refuse others
	 * @param minConcurrency requests that may run at a time whatever was found out
	 * @param maxConcurrency requests that may run at a time at most; where they hold
	 * threads of the web server, no more than nine tenths of those hold one
	 */
	public record Overload(@DefaultValue("true") boolean enabled, @DefaultValue("4") int minConcurrency,
			@DefaultValue("5000") int maxConcurrency) {

		RpcServerSettings.Concurrency toConcurrency(int threads) {
			return this.enabled ? new RpcServerSettings.Concurrency(this.minConcurrency, this.maxConcurrency, threads)
					: RpcServerSettings.Concurrency.UNLIMITED;
		}

	}

	/**
	 * Requests that come when the application stops.
	 *
	 * @param linger longest time for which they are told to go elsewhere, before the web
	 * server stops
	 */
	public record Drain(@DefaultValue("5s") Duration linger) {
	}

	/**
	 * Messages that travel compressed.
	 *
	 * @param enabled whether to read compressed requests, and to compress answers for
	 * callers that ask for it
	 * @param minSize size from which an answer is compressed
	 */
	public record Compression(@DefaultValue("true") boolean enabled, @DefaultValue("8KB") DataSize minSize) {
	}

}
