package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.TestRequests;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class CircuitBreakerInterceptorTests {

	private static final RpcResponse ANSWER = new RpcResponse(null, RpcHeaders.EMPTY);

	private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();

	private final CircuitBreakerInterceptor interceptor = new CircuitBreakerInterceptor(this.registry,
			(request) -> this.other);

	/** Whether another instance is well. */
	private boolean other;

	@ParameterizedTest
	@MethodSource("failuresOfTheTarget")
	void opensAfterTenCallsOfWhichHalfFailed(Throwable failure) {
		for (int i = 0; i < 5; i++) {
			call(TestRequests.of("find", "a"), null);
			call(TestRequests.of("find", "a"), failure);
		}

		CompletableFuture<RpcResponse> refused = call(TestRequests.of("find", "a"), null);

		assertThat(refused).failsWithin(5, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(RpcUnavailableException.class,
					(ex) -> assertThat(ex.reason()).isEqualTo(Reason.CIRCUIT_OPEN))
			.withMessageContaining("warehouse");
	}

	static Stream<Throwable> failuresOfTheTarget() {
		return Stream.of(new RpcConnectionException("lost", null),
				new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null),
				new RpcDeadlineExceededException("late", Execution.UNKNOWN, null),
				new RpcProtocolException("html", Execution.UNKNOWN, null), remote(RpcStatus.INTERNAL));
	}

	@ParameterizedTest
	@MethodSource("failuresOfAConnection")
	void doesNotBlameTheTargetForAnInstanceThatDiesWhileOthersAreWell(Throwable failure) {
		this.other = true;

		for (int i = 0; i < 60; i++) {
			call(TestRequests.of("reserve", "a", 1), failure);
		}

		assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
	}

	static Stream<Throwable> failuresOfAConnection() {
		return Stream.of(new RpcConnectionException("lost", null),
				new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null));
	}

	@Test
	void countsOnceWhatBrokeSeveralCallsThatWereSentTogether() {
		TestRequests.lostTogether(30).forEach((failure) -> call(TestRequests.of("reserve", "a", 1), failure));

		assertThat(breaker().getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
		assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
	}

	@ParameterizedTest
	@MethodSource("answersOfAHealthyTarget")
	void takesAnswersOfAHealthyTargetForSuccesses(Throwable failure) {
		for (int i = 0; i < 20; i++) {
			call(TestRequests.of("reserve", "a", 1), failure);
		}

		assertThat(breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
		assertThat(breaker().getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(20);
	}

	static Stream<Throwable> answersOfAHealthyTarget() {
		return Stream.of(new TestRequests.OutOfStockException(3), remote(RpcStatus.INVALID_ARGUMENT),
				remote(RpcStatus.PERMISSION_DENIED), remote(RpcStatus.APPLICATION),
				new RpcProtocolException("too large", Execution.EXECUTED, null));
	}

	@ParameterizedTest
	@MethodSource("failuresThatSayNothingOfTheTarget")
	void countsNothingThatSaysNothingOfTheTarget(Throwable failure) {
		for (int i = 0; i < 20; i++) {
			call(TestRequests.of("reserve", "a", 1), failure);
		}

		assertThat(breaker().getMetrics().getNumberOfBufferedCalls()).isZero();
	}

	static Stream<Throwable> failuresThatSayNothingOfTheTarget() {
		return Stream.of(new CancellationException(), new IllegalArgumentException("cannot be encoded"),
				new RpcUnavailableException("none", Reason.NO_INSTANCE, null),
				new RpcUnavailableException("busy", Reason.OVERLOADED, null));
	}

	@Test
	void doesNotBlameTheTargetForADeadlineThatWasShortenedByTheInboundCall() {
		CallContext hurried = new CallContext(Deadline.after(Duration.ofMillis(100), NanoClock.SYSTEM), true,
				Runnable::run);

		for (int i = 0; i < 20; i++) {
			call(TestRequests.in(hurried, TestRequests.SETTINGS, "find", "a"),
					new RpcDeadlineExceededException("late", Execution.UNKNOWN, null));
		}

		assertThat(breaker().getMetrics().getNumberOfBufferedCalls()).isZero();
	}

	@Test
	void givesWayToASharedConfigurationNamedRpc() {
		this.registry.addConfiguration("rpc", CircuitBreakerConfig.custom().slidingWindowSize(7).build());

		call(TestRequests.of("find", "a"), null);

		assertThat(breaker().getCircuitBreakerConfig().getSlidingWindowSize()).isEqualTo(7);
	}

	@Test
	void givesWayToAnInstanceOfTheTargetsName() {
		this.registry.circuitBreaker("warehouse", CircuitBreakerConfig.custom().slidingWindowSize(9).build());

		call(TestRequests.of("find", "a"), null);

		assertThat(breaker().getCircuitBreakerConfig().getSlidingWindowSize()).isEqualTo(9);
	}

	private CompletableFuture<RpcResponse> call(RpcRequest request, Throwable failure) {
		return this.interceptor.intercept(request, (next) -> (failure != null) ? CompletableFuture.failedFuture(failure)
				: CompletableFuture.completedFuture(ANSWER));
	}

	private CircuitBreaker breaker() {
		return this.registry.circuitBreaker("warehouse");
	}

	private static RpcRemoteException remote(RpcStatus status) {
		return new RpcRemoteException(status.message(), status.execution(),
				RpcRemoteException.Details.of(status.code(), status.name()));
	}

}
