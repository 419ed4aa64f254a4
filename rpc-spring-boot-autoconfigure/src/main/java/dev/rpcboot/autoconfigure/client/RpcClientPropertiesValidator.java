package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

import dev.rpcboot.autoconfigure.client.RpcClientProperties.Call;
import dev.rpcboot.autoconfigure.client.RpcClientProperties.Connection;
import dev.rpcboot.autoconfigure.client.RpcClientProperties.Target;
import dev.rpcboot.call.RpcConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Refuses values that no call could be made with, naming the property they stand in. What
 * depends on a contract is not judged here.
 */
final class RpcClientPropertiesValidator {

	private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*/?");

	private static final String HTTP2_CODEC = "io.netty.handler.codec.http2.Http2FrameCodec";

	private final RpcClientProperties properties;

	RpcClientPropertiesValidator(RpcClientProperties properties) {
		this.properties = properties;
	}

	void validate() {
		call("rpc.client.", this.properties.call());
		connection("rpc.client.", this.properties.connection());
		coping("rpc.client.", this.properties.coping());
		atLeast("rpc.client.cache.max-entries", this.properties.cache().maxEntries(), 1);
		this.properties.targets()
			.forEach((name, target) -> target(PropertiesCallSettingsResolver.targetProperty(name) + ".", target));
	}

	private void target(String prefix, Target target) {
		call(prefix, target.call());
		connection(prefix, target.connection());
		coping(prefix, target.coping());
		url(prefix, target.url(), target.ssl().bundle());
		if (target.path() != null && !(PATH.matcher(target.path()).matches()
				&& (target.path().isEmpty() || target.path().startsWith("/")) && !target.path().contains("/.."))) {
			throw new RpcConfigurationException(prefix + "path is '" + target.path() + "', which is no plain path.",
					"Set " + prefix + "path to one such as /rpc: it begins with a slash and has no query.");
		}
		for (Map.Entry<String, Map<String, Call>> service : target.methods().entrySet()) {
			service.getValue()
				.forEach((method, call) -> call(prefix + "methods." + RelaxedKeys.written(service.getKey()) + "."
						+ RelaxedKeys.written(method) + ".", call));
		}
	}

	private void url(String prefix, @Nullable URI url, @Nullable String sslBundle) {
		if (url == null) {
			return;
		}
		boolean http = "http".equalsIgnoreCase(url.getScheme());
		boolean https = "https".equalsIgnoreCase(url.getScheme());
		if (!(http || https) || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null
				|| url.getRawUserInfo() != null) {
			throw new RpcConfigurationException(
					prefix + "url does not tell where the application is: it has to be an absolute http or https URL"
							+ " without user, query and fragment.",
					"Set " + prefix + "url to the application's base URL, such as http://localhost:8080.");
		}
		if (http && StringUtils.hasText(sslBundle)) {
			throw new RpcConfigurationException(
					prefix + "ssl.bundle is set, but " + prefix + "url is not encrypted: " + url + ".",
					"Write https in " + prefix + "url, or remove " + prefix + "ssl.bundle.");
		}
	}

	private void call(String prefix, Call call) {
		positive(prefix + "timeout", call.timeout());
		atLeast(prefix + "retry.max-attempts", call.retry().maxAttempts(), 1);
		if (call.cache().ttl() != null && call.cache().ttl().isNegative()) {
			throw new RpcConfigurationException(prefix + "cache.ttl is " + call.cache().ttl() + ".",
					"Set " + prefix + "cache.ttl to a positive duration such as 30s, or to 0s for no cache.");
		}
		circuitBreaker(prefix + "circuit-breaker.", call.circuitBreaker());
		between(prefix + "hedging.quantile", call.hedging().quantile(), 0.5, 0.999);
	}

	private void coping(String prefix, Coping coping) {
		between(prefix + "retry-budget.ratio", coping.retryBudget().ratio(), 0, 1);
		atLeast(prefix + "retry-budget.min-per-second", coping.retryBudget().minPerSecond(), 0);
		between(prefix + "throttling.multiplier", coping.throttling().multiplier(), 1, 100);
		LoadBalancingProperties balancing = coping.loadBalancing();
		if (balancing.warmUp() != null && balancing.warmUp().isNegative()) {
			throw new RpcConfigurationException(prefix + "load-balancing.warm-up is " + balancing.warmUp() + ".",
					"Set " + prefix + "load-balancing.warm-up to a duration such as 10s, or to 0s for none.");
		}
		String ejection = prefix + "load-balancing.ejection.";
		atLeast(ejection + "consecutive-failures", balancing.ejection().consecutiveFailures(), 1);
		positive(ejection + "base-time", balancing.ejection().baseTime());
		positive(ejection + "max-time", balancing.ejection().maxTime());
		between(ejection + "max-percentage", balancing.ejection().maxPercentage(), 0, 100);
	}

	private void circuitBreaker(String prefix, CircuitBreakerProperties breaker) {
		atLeast(prefix + "sliding-window-size", breaker.slidingWindowSize(), 1);
		atLeast(prefix + "minimum-number-of-calls", breaker.minimumNumberOfCalls(), 1);
		atLeast(prefix + "permitted-number-of-calls-in-half-open-state",
				breaker.permittedNumberOfCallsInHalfOpenState(), 1);
		percentage(prefix + "failure-rate-threshold", breaker.failureRateThreshold());
		percentage(prefix + "slow-call-rate-threshold", breaker.slowCallRateThreshold());
		positive(prefix + "slow-call-duration-threshold", breaker.slowCallDurationThreshold());
		positive(prefix + "wait-duration-in-open-state", breaker.waitDurationInOpenState());
	}

	private void connection(String prefix, Connection connection) {
		positive(prefix + "connect-timeout", connection.connectTimeout());
		atLeast(prefix + "max-connections", connection.maxConnections(), 1);
		positive(prefix + "idle-timeout", connection.idleTimeout());
		if (Boolean.TRUE.equals(connection.http2()) && !ClassUtils.isPresent(HTTP2_CODEC, null)) {
			throw new RpcConfigurationException(
					prefix + "http2 is true, but there is nothing on the class path that speaks HTTP/2.",
					"Add a dependency on io.netty:netty-codec-http2, or remove " + prefix + "http2.");
		}
		if (connection.maxAnswerSize() != null) {
			long bytes = connection.maxAnswerSize().toBytes();
			if (bytes < 1 || bytes > Integer.MAX_VALUE) {
				throw new RpcConfigurationException(
						prefix + "max-answer-size is " + connection.maxAnswerSize() + ", but an answer is kept whole.",
						"Set " + prefix + "max-answer-size to a size between 1B and 2047MB.");
			}
		}
	}

	private void positive(String property, @Nullable Duration value) {
		if (value != null && (value.isNegative() || value.isZero())) {
			throw new RpcConfigurationException(property + " is " + value + ", which leaves no time.",
					"Set " + property + " to a positive duration such as 5s.");
		}
	}

	private void atLeast(String property, @Nullable Integer value, int least) {
		if (value != null && value < least) {
			throw new RpcConfigurationException(property + " is " + value + ".",
					"Set " + property + " to " + least + " or more.");
		}
	}

	private void between(String property, @Nullable Number value, double least, double most) {
		if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
			throw new RpcConfigurationException(property + " is " + value + ".",
					"Set " + property + " to a number from " + least + " to " + most + ".");
		}
	}

	private void percentage(String property, @Nullable Float value) {
		if (value != null && !(value > 0 && value <= 100)) {
			throw new RpcConfigurationException(property + " is " + value + ".",
					"Set " + property + " to a percentage above 0 and up to 100.");
		}
	}

}
