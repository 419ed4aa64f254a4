package dev.rpcboot.client.interceptor;

import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcBroadcastException;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.ResultItems;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/**
 * Refuses calls of a target that has kept failing, so that they fail at once and the
 * target can recover. It judges logical calls: what failover mended is a success.
 *
 * @since 0.1
 */
public final class CircuitBreakerInterceptor implements RpcClientInterceptor {

	/** Name of a shared configuration that takes the place of ours. */
	private static final String SHARED_CONFIGURATION = "rpc";

	private final CircuitBreakerRegistry registry;

	private final Alternatives alternatives;

	private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();

	/**
	 * Creates one.
	 * @param registry holds the circuit breakers
	 * @param alternatives knows the instances of targets: a connection that failed says
	 * something of its instance, and nothing of a target of which others are well
	 */
	public CircuitBreakerInterceptor(CircuitBreakerRegistry registry, Alternatives alternatives) {
		this.registry = registry;
		this.alternatives = alternatives;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.CIRCUIT_BREAKER;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		CallSettings.CircuitBreaker settings = request.settings().circuitBreaker();
		if (settings == null) {
			return chain.proceed(request);
		}
		CircuitBreaker breaker = breaker(settings);
		if (!breaker.tryAcquirePermission()) {
			return CompletableFuture.failedFuture(new RpcUnavailableException(
					request + " was not tried: circuit breaker '" + settings.name() + "' is " + breaker.getState(),
					Reason.CIRCUIT_OPEN, null));
		}
		long start = breaker.getCurrentTimestamp();
		// judged now, because the inbound call may have left less than the full timeout
		boolean fullTime = hasFullTime(request);
		CompletableFuture<RpcResponse> response = chain.proceed(request);
		// the response itself goes on: one derived from it would not carry a cancellation
		response.whenComplete((answer, failed) -> {
			Throwable failure = RpcResponse.judgedBy(answer, failed);
			Verdict verdict = (failure != null) ? judge(failure, fullTime, request) : Verdict.SUCCESS;
			if (verdict == Verdict.FAILURE && failure != null && Failures.isCountedElsewhere(failure, breaker)) {
				verdict = Verdict.NONE;
			}
			long duration = breaker.getCurrentTimestamp() - start;
			switch (verdict) {
				case SUCCESS -> breaker.onSuccess(duration, breaker.getTimestampUnit());
				case FAILURE -> breaker.onError(duration, breaker.getTimestampUnit(), Objects.requireNonNull(failure));
				case NONE -> breaker.releasePermission();
			}
			ResultItems items = (answer != null) ? answer.items() : null;
			if (items != null) {
				items.over().whenComplete((end, broken) -> {
					if (broken != null) {
						judgeBroken(Failures.unwrap(broken), breaker, start, request);
					}
				});
			}
		});
		return response;
	}

	/** A stream was a success at its first item; one that breaks is a failure as well. */
	private void judgeBroken(Throwable failure, CircuitBreaker breaker, long start, RpcRequest request) {
		if (judge(failure, true, request) == Verdict.FAILURE) {
			breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), failure);
		}
	}

	private CircuitBreaker breaker(CallSettings.CircuitBreaker settings) {
		CircuitBreaker breaker = this.breakers.get(settings.name());
		return (breaker != null) ? breaker : this.breakers.computeIfAbsent(settings.name(), (name) -> create(settings));
	}

	private CircuitBreaker create(CallSettings.CircuitBreaker settings) {
		String name = settings.name();
		if (this.registry.find(name).isPresent()) {
			return this.registry.circuitBreaker(name);
		}
		if (this.registry.getConfiguration(SHARED_CONFIGURATION).isPresent()) {
			return this.registry.circuitBreaker(name, SHARED_CONFIGURATION);
		}
		return this.registry.circuitBreaker(name, configuration(settings));
	}

	private static CircuitBreakerConfig configuration(CallSettings.CircuitBreaker settings) {
		return CircuitBreakerConfig.custom()
			.slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
			.slidingWindowSize(settings.slidingWindowSize())
			.minimumNumberOfCalls(settings.minimumNumberOfCalls())
			.failureRateThreshold(settings.failureRateThreshold())
			.slowCallRateThreshold(settings.slowCallRateThreshold())
			.slowCallDurationThreshold(settings.slowCallDurationThreshold())
			.waitDurationInOpenState(settings.waitDurationInOpenState())
			.permittedNumberOfCallsInHalfOpenState(settings.permittedNumberOfCallsInHalfOpenState())
			// which failures count is judged here, once
			.recordException((failure) -> true)
			.build();
	}

	private static boolean hasFullTime(RpcRequest request) {
		return request.context().deadline().remainingNanos() >= request.settings().timeout().toNanos() / 20 * 19;
	}

	private Verdict judge(Throwable failure, boolean fullTime, RpcRequest request) {
		if (failure instanceof RpcDeadlineExceededException) {
			return fullTime ? Verdict.FAILURE : Verdict.NONE;
		}
		if (failure instanceof RpcUnavailableException refused) {
			return (refused.reason() == Reason.CONNECT_FAILED) ? judgeConnection(request) : Verdict.NONE;
		}
		if (failure instanceof RpcConnectionException) {
			return judgeConnection(request);
		}
		if (failure instanceof RpcProtocolException malformed) {
			// an answer that is only too large, or of another type, says that the target
			// is well
			return (malformed.execution() == Execution.UNKNOWN) ? Verdict.FAILURE : Verdict.SUCCESS;
		}
		if (failure instanceof RpcBroadcastException broadcast) {
			return judge(broadcast, fullTime, request);
		}
		if (failure instanceof RpcException) {
			return Failures.isRemote(failure, RpcStatus.INTERNAL) ? Verdict.FAILURE : Verdict.SUCCESS;
		}
		// an exception of the contract is an answer; anything else says nothing of the
		// target
		return request.method().errors().stream().anyMatch((error) -> error.exceptionType().isInstance(failure))
				? Verdict.SUCCESS : Verdict.NONE;
	}

	/**
	 * All calls on the way to an instance fail at once when it dies, more than a breaker
	 * looks back on. Leaving it out is the business of who chooses instances.
	 */
	private Verdict judgeConnection(RpcRequest request) {
		return this.alternatives.hasOther(request) ? Verdict.NONE : Verdict.FAILURE;
	}

	/**
	 * One instance that is well is enough: a broken one must not make the breaker refuse
	 * the calls that others answer.
	 */
	private Verdict judge(RpcBroadcastException broadcast, boolean fullTime, RpcRequest request) {
		return broadcast.outcomes()
			.stream()
			.map((outcome) -> (outcome.failure() != null) ? judge(outcome.failure(), fullTime, request)
					: Verdict.SUCCESS)
			.min(Comparator.naturalOrder())
			.orElse(Verdict.NONE);
	}

	private enum Verdict {

		SUCCESS, FAILURE, NONE

	}

}
