package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.rpcboot.client.CallSettings.Scope;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How calls are made. A value that is absent is inherited: a method's from its target, a
 * target's from the settings of all, and theirs from {@link ClientDefaults}.
 *
 * @param timeout longest time for one call, all attempts included
 * @param retry repetition of failed calls
 * @param cache keeping of results; only results of methods that are declared SAFE are
 * kept
 * @param circuitBreaker refusal of calls to targets that fail
 * @param connectTimeout longest time for one connection to be made
 * @param maxConnections most connections to one instance at a time
 * @param idleTimeout time for which an unused connection is kept; choose less than the
 * servers do
 * @param maxAnswerSize largest body of an answer
 * @param stream results that come item by item
 * @param compression messages that travel compressed
 * @param targets applications to call, by the name that stands in RpcReference
 * @since 0.1
 */
@ConfigurationProperties("rpc.client")
public record RpcClientProperties(@Nullable Duration timeout, @DefaultValue Retry retry,
		@DefaultValue ApplicationCache cache, @DefaultValue CircuitBreaker circuitBreaker,
		@Nullable Duration connectTimeout, @Nullable Integer maxConnections, @Nullable Duration idleTimeout,
		@Nullable DataSize maxAnswerSize, @DefaultValue Stream stream, @DefaultValue Compression compression,
		@DefaultValue Map<String, Target> targets) {

	public RpcClientProperties {
		targets = Map.copyOf(targets);
	}

	/**
	 * Settings of the target, or those of a target without any.
	 */
	Target target(String name) {
		Target target = RelaxedKeys.find(this.targets, name);
		return (target != null) ? target : Target.NONE;
	}

	Call call() {
		return new Call(this.timeout, this.retry, new Cache(this.cache.ttl(), this.cache.scope(), this.cache.headers()),
				this.circuitBreaker, this.stream);
	}

	Connection connection() {
		return new Connection(this.connectTimeout, this.maxConnections, this.idleTimeout, this.maxAnswerSize,
				this.compression);
	}

	private static <T> @Nullable T either(@Nullable T own, @Nullable T inherited) {
		return (own != null) ? own : inherited;
	}

	/**
	 * One application to call.
	 *
	 * @param timeout longest time for one call, all attempts included
	 * @param retry repetition of failed calls
	 * @param cache keeping of results; only results of methods that are declared SAFE are
	 * kept
	 * @param circuitBreaker refusal of calls while the target fails
	 * @param connectTimeout longest time for one connection to be made
	 * @param maxConnections most connections to one instance at a time
	 * @param idleTimeout time for which an unused connection is kept; choose less than
	 * the server does
	 * @param maxAnswerSize largest body of an answer
	 * @param stream results that come item by item
	 * @param compression messages that travel compressed
	 * @param url fixed base URL of the application, instead of asking the load balancer
	 * @param path path under which the application serves contracts, where its instance
	 * metadata says nothing else
	 * @param ssl encryption of connections
	 * @param methods settings of single methods, by the name of the service and the name
	 * of the method
	 */
	public record Target(@Nullable Duration timeout, @DefaultValue Retry retry, @DefaultValue Cache cache,
			@DefaultValue CircuitBreaker circuitBreaker, @Nullable Duration connectTimeout,
			@Nullable Integer maxConnections, @Nullable Duration idleTimeout, @Nullable DataSize maxAnswerSize,
			@DefaultValue Stream stream, @DefaultValue Compression compression, @Nullable URI url,
			@Nullable String path, @DefaultValue Ssl ssl, @DefaultValue Map<String, Map<String, Call>> methods) {

		static final Target NONE = new Target(null, Retry.NONE, Cache.NONE, CircuitBreaker.NONE, null, null, null, null,
				Stream.NONE, Compression.NONE, null, null, new Ssl(null), Map.of());

		public Target {
			methods = Map.copyOf(methods);
		}

		Call call() {
			return new Call(this.timeout, this.retry, this.cache, this.circuitBreaker, this.stream);
		}

		Connection connection() {
			return new Connection(this.connectTimeout, this.maxConnections, this.idleTimeout, this.maxAnswerSize,
					this.compression);
		}

		/**
		 * Settings of the method, or those of a method without any.
		 */
		Call method(String service, String name) {
			Map<String, Call> ofService = RelaxedKeys.find(this.methods, service);
			Call method = (ofService != null) ? RelaxedKeys.find(ofService, name) : null;
			return (method != null) ? method : Call.NONE;
		}

	}

	/**
	 * Settings that a single method may have too.
	 *
	 * @param timeout longest time for one call, all attempts included
	 * @param retry repetition of failed calls
	 * @param cache keeping of results
	 * @param circuitBreaker refusal of calls while they fail
	 * @param stream results that come item by item
	 */
	public record Call(@Nullable Duration timeout, @DefaultValue Retry retry, @DefaultValue Cache cache,
			@DefaultValue CircuitBreaker circuitBreaker, @DefaultValue Stream stream) {

		static final Call NONE = new Call(null, Retry.NONE, Cache.NONE, CircuitBreaker.NONE, Stream.NONE);

		Call orElse(Call inherited) {
			return new Call(either(this.timeout, inherited.timeout), this.retry.orElse(inherited.retry),
					this.cache.orElse(inherited.cache), this.circuitBreaker.orElse(inherited.circuitBreaker),
					this.stream.orElse(inherited.stream));
		}

	}

	/**
	 * Results that come item by item.
	 *
	 * @param idleTimeout longest time to wait for the next item; for the first, the
	 * timeout of the call holds
	 */
	public record Stream(@Nullable Duration idleTimeout) {

		static final Stream NONE = new Stream(null);

		Stream orElse(Stream inherited) {
			return new Stream(either(this.idleTimeout, inherited.idleTimeout));
		}

	}

	/**
	 * Messages that travel compressed.
	 *
	 * @param answers whether to ask for compressed answers
	 * @param requests whether to compress requests, once the instance has said that it
	 * reads them
	 * @param minSize size from which a request is compressed
	 */
	public record Compression(@Nullable Boolean answers, @Nullable Boolean requests, @Nullable DataSize minSize) {

		static final Compression NONE = new Compression(null, null, null);

		Compression orElse(Compression inherited) {
			return new Compression(either(this.answers, inherited.answers), either(this.requests, inherited.requests),
					either(this.minSize, inherited.minSize));
		}

	}

	/**
	 * Repetition of failed calls.
	 *
	 * @param maxAttempts most attempts of one call, the first included
	 */
	public record Retry(@Nullable Integer maxAttempts) {

		static final Retry NONE = new Retry(null);

		Retry orElse(Retry inherited) {
			return new Retry(either(this.maxAttempts, inherited.maxAttempts));
		}

	}

	/**
	 * Keeping of results.
	 *
	 * @param ttl time for which a result is kept; zero switches an inherited cache off
	 * @param scope callers that share a result
	 * @param headers request headers that tell callers apart, for the scope of that name
	 */
	public record Cache(@Nullable Duration ttl, @Nullable Scope scope, @Nullable List<String> headers) {

		static final Cache NONE = new Cache(null, null, null);

		Cache orElse(Cache inherited) {
			return new Cache(either(this.ttl, inherited.ttl), either(this.scope, inherited.scope),
					either(this.headers, inherited.headers));
		}

	}

	/**
	 * Keeping of results, with what is the same for the whole application.
	 *
	 * @param ttl time for which a result is kept
	 * @param scope callers that share a result
	 * @param headers request headers that tell callers apart, for the scope of that name
	 * @param maxEntries most results that are kept at a time
	 */
	public record ApplicationCache(@Nullable Duration ttl, @Nullable Scope scope, @Nullable List<String> headers,
			@DefaultValue("10000") int maxEntries) {
	}

	/**
	 * Refusal of calls that would fail. Each is a setting of Resilience4j's.
	 *
	 * @param enabled whether to refuse calls to a target that fails
	 * @param slidingWindowSize number of calls that are looked back on
	 * @param minimumNumberOfCalls calls before any are refused
	 * @param failureRateThreshold percentage of failures at which calls are refused
	 * @param slowCallRateThreshold percentage of slow calls at which calls are refused
	 * @param slowCallDurationThreshold time from which a call is slow; 0.8 of the timeout
	 * where it is not set
	 * @param waitDurationInOpenState time for which calls are refused
	 * @param permittedNumberOfCallsInHalfOpenState trial calls before calls are let
	 * through again
	 */
	public record CircuitBreaker(@Nullable Boolean enabled, @Nullable Integer slidingWindowSize,
			@Nullable Integer minimumNumberOfCalls, @Nullable Float failureRateThreshold,
			@Nullable Float slowCallRateThreshold, @Nullable Duration slowCallDurationThreshold,
			@Nullable Duration waitDurationInOpenState, @Nullable Integer permittedNumberOfCallsInHalfOpenState) {

		static final CircuitBreaker NONE = new CircuitBreaker(null, null, null, null, null, null, null, null);

		CircuitBreaker orElse(CircuitBreaker inherited) {
			return new CircuitBreaker(either(this.enabled, inherited.enabled),
					either(this.slidingWindowSize, inherited.slidingWindowSize),
					either(this.minimumNumberOfCalls, inherited.minimumNumberOfCalls),
					either(this.failureRateThreshold, inherited.failureRateThreshold),
					either(this.slowCallRateThreshold, inherited.slowCallRateThreshold),
					either(this.slowCallDurationThreshold, inherited.slowCallDurationThreshold),
					either(this.waitDurationInOpenState, inherited.waitDurationInOpenState),
					either(this.permittedNumberOfCallsInHalfOpenState,
							inherited.permittedNumberOfCallsInHalfOpenState));
		}

	}

	/**
	 * Encryption of connections.
	 *
	 * @param bundle name of the SSL bundle with the certificates to trust and to present
	 */
	public record Ssl(@Nullable String bundle) {
	}

	/**
	 * How instances are connected to; what {@link Call} is for calls.
	 */
	record Connection(@Nullable Duration connectTimeout, @Nullable Integer maxConnections,
			@Nullable Duration idleTimeout, @Nullable DataSize maxAnswerSize, Compression compression) {

		Connection orElse(Connection inherited) {
			return new Connection(either(this.connectTimeout, inherited.connectTimeout),
					either(this.maxConnections, inherited.maxConnections),
					either(this.idleTimeout, inherited.idleTimeout),
					either(this.maxAnswerSize, inherited.maxAnswerSize),
					this.compression.orElse(inherited.compression));
		}

	}

}
