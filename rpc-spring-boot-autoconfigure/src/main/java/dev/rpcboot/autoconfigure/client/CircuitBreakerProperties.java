package dev.rpcboot.autoconfigure.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import static dev.rpcboot.autoconfigure.client.Inheritance.either;

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
 * @param permittedNumberOfCallsInHalfOpenState trial calls before calls are let through
 * again
 * @since 0.1
 */
public record CircuitBreakerProperties(@Nullable Boolean enabled, @Nullable Integer slidingWindowSize,
		@Nullable Integer minimumNumberOfCalls, @Nullable Float failureRateThreshold,
		@Nullable Float slowCallRateThreshold, @Nullable Duration slowCallDurationThreshold,
		@Nullable Duration waitDurationInOpenState, @Nullable Integer permittedNumberOfCallsInHalfOpenState) {

	static final CircuitBreakerProperties NONE = new CircuitBreakerProperties(null, null, null, null, null, null, null,
			null);

	CircuitBreakerProperties orElse(CircuitBreakerProperties inherited) {
		return new CircuitBreakerProperties(either(this.enabled, inherited.enabled),
				either(this.slidingWindowSize, inherited.slidingWindowSize),
				either(this.minimumNumberOfCalls, inherited.minimumNumberOfCalls),
				either(this.failureRateThreshold, inherited.failureRateThreshold),
				either(this.slowCallRateThreshold, inherited.slowCallRateThreshold),
				either(this.slowCallDurationThreshold, inherited.slowCallDurationThreshold),
				either(this.waitDurationInOpenState, inherited.waitDurationInOpenState),
				either(this.permittedNumberOfCallsInHalfOpenState, inherited.permittedNumberOfCallsInHalfOpenState));
	}

}
