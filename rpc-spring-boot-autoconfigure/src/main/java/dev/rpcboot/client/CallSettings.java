package dev.rpcboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * How calls of one method of one target are made, resolved once at start from the
 * settings of the method over those of the target over those of all. Immutable.
 *
 * @param timeout longest time for one call, all attempts included
 * @param maxAttempts most attempts of one call, the first included
 * @param cache how results are kept, or {@code null} if they are not
 * @param circuitBreaker the circuit breaker, or {@code null} for none
 * @param url fixed address of the target, or {@code null} to ask the load balancer
 * @param path path under which an instance serves contracts, where its metadata does not
 * say another
 * @param transport how to reach the target
 * @param streamIdleTimeout longest time to wait for the next item of a stream
 * @param compression which messages travel compressed
 * @param coalescing whether calls may travel together with others of the target
 * @param resilience how failing, slow and overloaded instances are coped with
 * @since 0.1
 */
public record CallSettings(Duration timeout, int maxAttempts, @Nullable Cache cache,
		@Nullable CircuitBreaker circuitBreaker, @Nullable URI url, String path, RpcTransport.Settings transport,
		Duration streamIdleTimeout, Compression compression, boolean coalescing, Resilience resilience) {

	/**
	 * A copy with another timeout.
	 */
	public CallSettings withTimeout(Duration timeout) {
		return new CallSettings(timeout, this.maxAttempts, this.cache, this.circuitBreaker, this.url, this.path,
				this.transport, this.streamIdleTimeout, this.compression, this.coalescing, this.resilience);
	}

	/**
	 * A copy by which no result is kept.
	 */
	public CallSettings withoutCache() {
		return new CallSettings(this.timeout, this.maxAttempts, null, this.circuitBreaker, this.url, this.path,
				this.transport, this.streamIdleTimeout, this.compression, this.coalescing, this.resilience);
	}

	/**
	 * Which messages travel compressed.
	 *
	 * @param answers whether answers may be
	 * @param requests whether requests are, once the instance has said that it reads them
	 * @param minSize size of a request from which it is worth while
	 */
	public record Compression(boolean answers, boolean requests, DataSize minSize) {

		/**
		 * Whether anything may be.
		 */
		boolean isUsed() {
			return this.answers || this.requests;
		}

		/** Nothing is compressed. */
		public static final Compression NONE = new Compression(false, false, DataSize.ofKilobytes(8));

	}

	/**
	 * How results are kept.
	 *
	 * @param ttl for how long
	 * @param scope who may see them
	 * @param headers names of the request headers that tell callers apart, for
	 * {@link Scope#HEADERS}
	 */
	public record Cache(Duration ttl, Scope scope, List<String> headers) {

		public Cache {
			headers = List.copyOf(headers);
		}

	}

	/**
	 * Who may see a kept result.
	 */
	public enum Scope {

		/** Everybody: the answer does not depend on who asks. */
		SHARED,

		/** The same principal of the application's security. */
		PRINCIPAL,

		/** Calls with the same values of named headers. */
		HEADERS

	}

	/**
	 * The circuit breaker that judges the calls.
	 *
	 * @param name its name in the registry
	 * @param slidingWindowSize number of calls that are looked back on
	 * @param minimumNumberOfCalls calls before it judges
	 * @param failureRateThreshold percentage of failures at which it opens
	 * @param slowCallRateThreshold percentage of slow calls at which it opens
	 * @param slowCallDurationThreshold how long a slow call takes
	 * @param waitDurationInOpenState how long it stays open
	 * @param permittedNumberOfCallsInHalfOpenState trial calls before it closes again
	 */
	public record CircuitBreaker(String name, int slidingWindowSize, int minimumNumberOfCalls,
			float failureRateThreshold, float slowCallRateThreshold, Duration slowCallDurationThreshold,
			Duration waitDurationInOpenState, int permittedNumberOfCallsInHalfOpenState) {
	}

}
