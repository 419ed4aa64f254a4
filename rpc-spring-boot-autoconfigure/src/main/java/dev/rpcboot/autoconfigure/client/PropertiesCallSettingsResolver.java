package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;

import dev.rpcboot.Idempotency;
import dev.rpcboot.autoconfigure.client.RpcClientProperties.Call;
import dev.rpcboot.autoconfigure.client.RpcClientProperties.Connection;
import dev.rpcboot.autoconfigure.client.RpcClientProperties.Target;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallSettings.Scope;
import dev.rpcboot.client.CallSettingsResolver;
import dev.rpcboot.client.RpcTransport;
import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNullElse;

/**
 * Resolves {@link RpcClientProperties}: method over target over all, key by key.
 */
final class PropertiesCallSettingsResolver implements CallSettingsResolver {

	private final RpcClientProperties properties;

	PropertiesCallSettingsResolver(RpcClientProperties properties) {
		new RpcClientPropertiesValidator(properties).validate();
		this.properties = properties;
	}

	@Override
	public CallSettings resolve(String targetName, ContractMethod method) {
		Target target = this.properties.target(targetName);
		Call ofTarget = target.call().orElse(this.properties.call());
		Call ofMethod = target.method(method.service(), method.name());
		Call call = ofMethod.orElse(ofTarget);
		hashBy(targetName, method, call.hashBy());
		return new CallSettings(timeout(call),
				requireNonNullElse(call.retry().maxAttempts(), ClientDefaults.MAX_ATTEMPTS),
				cache(targetName, method, ofMethod.cache(), call.cache()),
				circuitBreaker(targetName, method, ofMethod, ofTarget), url(target.url()), path(target.path()),
				transport(target), requireNonNullElse(call.stream().idleTimeout(), ClientDefaults.STREAM_IDLE_TIMEOUT),
				compression(target), coalescing(target),
				ResilienceResolver.resolve(call, target.coping().orElse(this.properties.coping())));
	}

	static String targetProperty(String target) {
		return "rpc.client.targets." + RelaxedKeys.written(target);
	}

	private static String methodProperty(String target, ContractMethod method) {
		return targetProperty(target) + ".methods." + RelaxedKeys.written(method.service()) + "."
				+ RelaxedKeys.written(method.name());
	}

	private static void hashBy(String target, ContractMethod method, @Nullable String hashBy) {
		List<ContractMethod.Parameter> parameters = method.parameters();
		if (hashBy != null && parameters.stream().noneMatch((parameter) -> hashBy.equals(parameter.name()))) {
			String property = methodProperty(target, method) + ".hash-by";
			throw new RpcConfigurationException(
					property + " is '" + hashBy + "', but " + method + " has no argument of that name.",
					"Set " + property + " to one of " + parameters.stream().map(ContractMethod.Parameter::name).toList()
							+ "; names are there if the contract is compiled with -parameters.");
		}
	}

	private static Duration timeout(Call call) {
		return requireNonNullElse(call.timeout(), ClientDefaults.TIMEOUT);
	}

	private CallSettings.@Nullable Cache cache(String target, ContractMethod method, RpcClientProperties.Cache own,
			RpcClientProperties.Cache merged) {
		boolean safe = method.idempotency() == Idempotency.SAFE;
		String property = methodProperty(target, method) + ".cache.";
		if (!safe && !own.equals(RpcClientProperties.Cache.NONE)) {
			throw new RpcConfigurationException(
					property + "* is set, but the contract does not say that " + method + " only reads.",
					"Remove " + property + "*, or have the contract's owner annotate "
							+ method.method().getDeclaringClass().getName() + "." + method.method().getName()
							+ " with @RpcMethod(idempotency = SAFE).");
		}
		if (merged.ttl() == null && own.scope() != null) {
			throw new RpcConfigurationException(
					property + "scope is set, but nothing says for how long a result of " + method + " is kept.",
					"Set " + property + "ttl too.");
		}
		// a stream is not kept: who asks for items one by one does not want them all in
		// memory
		if (!safe || method.returnKind().isStream() || merged.ttl() == null || merged.ttl().isZero()) {
			return null;
		}
		if (merged.scope() == null) {
			throw new RpcConfigurationException(
					"Results of " + method + " on " + target + " are to be kept for " + merged.ttl()
							+ ", but nothing says which callers may share them.",
					"Set " + property + "scope to shared if the answer is the same for everybody, else to principal or"
							+ " headers; or set " + targetProperty(target) + ".cache.scope for all of its methods.");
		}
		List<String> headers = requireNonNullElse(merged.headers(), List.of());
		if (merged.scope() == Scope.HEADERS && headers.isEmpty()) {
			throw new RpcConfigurationException(
					"Results of " + method + " on " + target
							+ " are to be kept per value of some headers, but no header is named.",
					"Set " + property + "headers.");
		}
		return new CallSettings.Cache(merged.ttl(), merged.scope(),
				(merged.scope() == Scope.HEADERS) ? headers : List.of());
	}

	/**
	 * A breaker of its own only for a method with keys of its own: methods that share a
	 * breaker must agree on its settings, so theirs are those of the target, timeout
	 * included.
	 */
	private static CallSettings.@Nullable CircuitBreaker circuitBreaker(String target, ContractMethod method,
			Call ofMethod, Call ofTarget) {
		if (ofMethod.circuitBreaker().equals(CircuitBreakerProperties.NONE)) {
			return circuitBreaker(target, ofTarget);
		}
		return circuitBreaker(target + "." + method.service() + "." + method.name(), ofMethod.orElse(ofTarget));
	}

	private static CallSettings.@Nullable CircuitBreaker circuitBreaker(String name, Call call) {
		CircuitBreakerProperties breaker = call.circuitBreaker();
		if (!requireNonNullElse(breaker.enabled(), ClientDefaults.CIRCUIT_BREAKER)) {
			return null;
		}
		return new CallSettings.CircuitBreaker(name,
				requireNonNullElse(breaker.slidingWindowSize(), ClientDefaults.SLIDING_WINDOW_SIZE),
				requireNonNullElse(breaker.minimumNumberOfCalls(), ClientDefaults.MINIMUM_NUMBER_OF_CALLS),
				requireNonNullElse(breaker.failureRateThreshold(), ClientDefaults.FAILURE_RATE_THRESHOLD),
				requireNonNullElse(breaker.slowCallRateThreshold(), ClientDefaults.SLOW_CALL_RATE_THRESHOLD),
				requireNonNullElse(breaker.slowCallDurationThreshold(),
						ClientDefaults.slowCallDurationThreshold(timeout(call))),
				requireNonNullElse(breaker.waitDurationInOpenState(), ClientDefaults.WAIT_DURATION_IN_OPEN_STATE),
				requireNonNullElse(breaker.permittedNumberOfCallsInHalfOpenState(),
						ClientDefaults.PERMITTED_NUMBER_OF_CALLS_IN_HALF_OPEN_STATE));
	}

	private RpcTransport.Settings transport(Target target) {
		Connection connection = target.connection().orElse(this.properties.connection());
		return new RpcTransport.Settings(
				requireNonNullElse(connection.connectTimeout(), ClientDefaults.CONNECT_TIMEOUT),
				requireNonNullElse(connection.maxConnections(), ClientDefaults.MAX_CONNECTIONS),
				requireNonNullElse(connection.idleTimeout(), ClientDefaults.IDLE_TIMEOUT),
				requireNonNullElse(connection.maxAnswerSize(), ClientDefaults.MAX_ANSWER_SIZE), target.ssl().bundle(),
				requireNonNullElse(connection.http2(), ClientDefaults.HTTP2));
	}

	private CallSettings.Compression compression(Target target) {
		RpcClientProperties.Compression compression = target.compression().orElse(this.properties.compression());
		return new CallSettings.Compression(requireNonNullElse(compression.answers(), false),
				requireNonNullElse(compression.requests(), false),
				requireNonNullElse(compression.minSize(), ClientDefaults.COMPRESSION_MIN_SIZE));
	}

	private boolean coalescing(Target target) {
		Connection connection = target.connection().orElse(this.properties.connection());
		return requireNonNullElse(connection.coalescing(), ClientDefaults.COALESCING);
	}

	private static @Nullable URI url(@Nullable URI url) {
		return (url != null) ? URI.create(withoutSlashAtEnd(url.toString())) : null;
	}

	private static String path(@Nullable String path) {
		return withoutSlashAtEnd((path != null) ? path : ClientDefaults.PATH);
	}

	private static String withoutSlashAtEnd(String text) {
		return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
	}

}
