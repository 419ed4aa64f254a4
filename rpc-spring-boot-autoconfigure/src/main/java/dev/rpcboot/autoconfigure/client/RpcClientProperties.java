package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.client.CallSettings.Scope;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import static dev.rpcboot.autoconfigure.client.Inheritance.either;

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
 * @param coalescing whether to let calls that wait travel together
 * @param http2 whether to send the calls of callers that do not block by HTTP/2, many at
 * a time over one connection; the targets have to speak it
 * @param hedging second attempts beside slow ones, of methods that may be repeated
 * @param retryBudget number of attempts beside the first ones
 * @param throttling calls that are not sent, because the target refuses too many as
 * overloaded
 * @param loadBalancing choice of an instance
 * @param criticality what servers may refuse first; for a call that is made while another
 * is served, that of the other where this is absent
 * @param targets applications to call, by the name that stands in RpcReference
 * @since 0.1
 */
@ConfigurationProperties("rpc.client")
public record RpcClientProperties(@Nullable Duration timeout, @DefaultValue Retry retry,
		@DefaultValue ApplicationCache cache,
		@NestedConfigurationProperty @DefaultValue CircuitBreakerProperties circuitBreaker,
		@Nullable Duration connectTimeout, @Nullable Integer maxConnections, @Nullable Duration idleTimeout,
		@Nullable DataSize maxAnswerSize, @DefaultValue Stream stream, @DefaultValue Compression compression,
		@Nullable Boolean coalescing, @Nullable Boolean http2,
		@NestedConfigurationProperty @DefaultValue HedgingProperties hedging,
		@NestedConfigurationProperty @DefaultValue RetryBudgetProperties retryBudget,
		@NestedConfigurationProperty @DefaultValue ThrottlingProperties throttling,
		@NestedConfigurationProperty @DefaultValue LoadBalancingProperties loadBalancing,
		@Nullable Criticality criticality, @DefaultValue Map<String, Target> targets) {

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
				this.circuitBreaker, this.stream, this.hedging, this.criticality, null);
	}

	Coping coping() {
		return new Coping(this.retryBudget, this.throttling, this.loadBalancing);
	}

	Connection connection() {
		return new Connection(this.connectTimeout, this.maxConnections, this.idleTimeout, this.maxAnswerSize,
				this.compression, this.coalescing, this.http2);
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
	 * @param coalescing whether to let calls that wait travel together
	 * @param http2 whether to send the calls of callers that do not block by HTTP/2, many
	 * at a time over one connection; the target has to speak it
	 * @param hedging second attempts beside slow ones, of methods that may be repeated
	 * @param retryBudget number of attempts beside the first ones
	 * @param throttling calls that are not sent, because the target refuses too many as
	 * overloaded
	 * @param loadBalancing choice of an instance
	 * @param criticality what servers may refuse first; for a call that is made while
	 * another is served, that of the other where this is absent
	 * @param url fixed base URL of the application, instead of asking the load balancer
	 * @param path path under which the application serves contracts, where its instance
	 * metadata says nothing else
	 * @param ssl encryption of connections
	 * @param methods settings of single methods, by the name of the service and the name
	 * of the method
	 */
	public record Target(@Nullable Duration timeout, @DefaultValue Retry retry, @DefaultValue Cache cache,
			@NestedConfigurationProperty @DefaultValue CircuitBreakerProperties circuitBreaker,
			@Nullable Duration connectTimeout, @Nullable Integer maxConnections, @Nullable Duration idleTimeout,
			@Nullable DataSize maxAnswerSize, @DefaultValue Stream stream, @DefaultValue Compression compression,
			@Nullable Boolean coalescing, @Nullable Boolean http2,
			@NestedConfigurationProperty @DefaultValue HedgingProperties hedging,
			@NestedConfigurationProperty @DefaultValue RetryBudgetProperties retryBudget,
			@NestedConfigurationProperty @DefaultValue ThrottlingProperties throttling,
			@NestedConfigurationProperty @DefaultValue LoadBalancingProperties loadBalancing,
			@Nullable Criticality criticality, @Nullable URI url, @Nullable String path, @DefaultValue Ssl ssl,
			@DefaultValue Map<String, Map<String, Call>> methods) {

		static final Target NONE = new Target(null, Retry.NONE, Cache.NONE, CircuitBreakerProperties.NONE, null, null,
				null, null, Stream.NONE, Compression.NONE, null, null, HedgingProperties.NONE,
				RetryBudgetProperties.NONE, ThrottlingProperties.NONE, LoadBalancingProperties.NONE, null, null, null,
				new Ssl(null), Map.of());

		public Target {
			methods = Map.copyOf(methods);
		}

		Call call() {
			return new Call(this.timeout, this.retry, this.cache, this.circuitBreaker, this.stream, this.hedging,
					this.criticality, null);
		}

		Coping coping() {
			return new Coping(this.retryBudget, this.throttling, this.loadBalancing);
		}

		Connection connection() {
			return new Connection(this.connectTimeout, this.maxConnections, this.idleTimeout, this.maxAnswerSize,
					this.compression, this.coalescing, this.http2);
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
	 * @param hedging second attempts beside slow ones, of methods that may be repeated
	 * @param criticality what servers may refuse first
	 * @param hashBy name of the argument by which an instance is chosen, so that equal
	 * ones come to the same; for single methods
	 */
	public record Call(@Nullable Duration timeout, @DefaultValue Retry retry, @DefaultValue Cache cache,
			@NestedConfigurationProperty @DefaultValue CircuitBreakerProperties circuitBreaker,
			@DefaultValue Stream stream, @NestedConfigurationProperty @DefaultValue HedgingProperties hedging,
			@Nullable Criticality criticality, @Nullable String hashBy) {

		static final Call NONE = new Call(null, Retry.NONE, Cache.NONE, CircuitBreakerProperties.NONE, Stream.NONE,
				HedgingProperties.NONE, null, null);

		Call orElse(Call inherited) {
			return new Call(either(this.timeout, inherited.timeout), this.retry.orElse(inherited.retry),
					this.cache.orElse(inherited.cache), this.circuitBreaker.orElse(inherited.circuitBreaker),
					this.stream.orElse(inherited.stream), this.hedging.orElse(inherited.hedging),
					either(this.criticality, inherited.criticality), either(this.hashBy, inherited.hashBy));
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
			@Nullable Duration idleTimeout, @Nullable DataSize maxAnswerSize, Compression compression,
			@Nullable Boolean coalescing, @Nullable Boolean http2) {

		Connection orElse(Connection inherited) {
			return new Connection(either(this.connectTimeout, inherited.connectTimeout),
					either(this.maxConnections, inherited.maxConnections),
					either(this.idleTimeout, inherited.idleTimeout),
					either(this.maxAnswerSize, inherited.maxAnswerSize), this.compression.orElse(inherited.compression),
					either(this.coalescing, inherited.coalescing), either(this.http2, inherited.http2));
		}

	}

}
