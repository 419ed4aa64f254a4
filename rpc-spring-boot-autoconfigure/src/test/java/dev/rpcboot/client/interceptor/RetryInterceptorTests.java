package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcClientInterceptor.Chain;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.TestRequests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryInterceptorTests {

	private static final RpcResponse ANSWER = new RpcResponse(null, RpcHeaders.EMPTY);

	private final CallTimer timer = new CallTimer();

	private final RetryInterceptor retry = new RetryInterceptor(this.timer, Alternatives.NONE);

	private final AtomicLong now = new AtomicLong();

	/** Whether another instance is well. */
	private boolean other;

	/** Of which time passes as the test says. */
	private final RetryInterceptor manual = new RetryInterceptor(this.timer, (request) -> this.other, this.now::get,
			() -> 0);

	private final Deque<Throwable> failures = new ArrayDeque<>();

	private final List<RpcRequest> attempts = new ArrayList<>();

	private final Chain chain = (request) -> {
		this.attempts.add(request);
		Throwable failure = this.failures.poll();
		return (failure != null) ? CompletableFuture.failedFuture(failure) : CompletableFuture.completedFuture(ANSWER);
	};

	@AfterEach
	void stopTimer() {
		this.timer.close();
	}

	@ParameterizedTest
	@EnumSource(value = Reason.class, names = { "CONNECT_FAILED", "DRAINING", "OVERLOADED" })
	void repeatsAnyMethodThatCertainlyDidNotRun(Reason reason) {
		this.failures.add(new RpcUnavailableException("refused", reason, null));

		CompletableFuture<RpcResponse> response = call(TestRequests.of("reserve", "a", 1));

		assertThat(response).succeedsWithin(5, TimeUnit.SECONDS).isSameAs(ANSWER);
		assertThat(this.attempts).extracting(RpcRequest::attempt).containsExactly(1, 2);
	}

	@Test
	void neverRepeatsAMethodThatMayHaveRunAndDoesNotSayThatItMayBeRepeated() {
		RpcConnectionException lost = new RpcConnectionException("lost", null);
		this.failures.add(lost);

		CompletableFuture<RpcResponse> response = call(TestRequests.of("reserve", "a", 1));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS).withThrowableThat().havingCause().isSameAs(lost);
		assertThat(this.attempts).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "put", "find" })
	void repeatsIdempotentAndSafeMethodsThatMayHaveRun(String method) {
		this.failures.add(new RpcConnectionException("lost", null));

		CompletableFuture<RpcResponse> response = call(
				method.equals("put") ? TestRequests.of(method, "a", 1) : TestRequests.of(method, "a"));

		assertThat(response).succeedsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).hasSize(2);
	}

	@ParameterizedTest
	@CsvSource({ "find, UNKNOWN, 2", "order, UNKNOWN, 2", "reserve, UNKNOWN, 1", "find, EXECUTED, 1" })
	void repeatsWhatMayBeRepeatedAfterAnAnswerThatMadeNoSense(String method, Execution execution, int attempts) {
		this.failures.add(new RpcProtocolException("garbled", execution, null));

		call(method.equals("find") ? TestRequests.of(method, "a") : TestRequests.of(method, "a", 1))
			.handle((answer, failure) -> answer)
			.orTimeout(5, TimeUnit.SECONDS)
			.join();

		assertThat(this.attempts).hasSize(attempts);
	}

	@Test
	void doesNotClaimThatNothingRanWhereAnEarlierAttemptMayHave() {
		RpcConnectionException lost = new RpcConnectionException("lost", null);
		RpcUnavailableException refused = new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null);
		this.failures.add(lost);
		this.failures.add(refused);
		this.failures.add(refused);

		CompletableFuture<RpcResponse> response = call(TestRequests.of("find", "a"));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS).withThrowableThat().havingCause().isSameAs(lost);
		assertThat(lost).hasSuppressedException(refused);
	}

	@Test
	void asksAnotherInstanceAtOnceWhenOneIsOverloaded() {
		this.failures.add(new RpcUnavailableException("busy", Reason.OVERLOADED, Duration.ofHours(1), true, null));
		this.other = true;

		CompletableFuture<RpcResponse> response = this.manual
			.intercept(TestRequests.with(TestRequests::balanced, "reserve", "a", 1), this.chain);

		assertThat(response).isCompletedWithValue(ANSWER);
	}

	@Test
	void waitsAsAnOverloadedServerAsksWhereThereIsNoOther() {
		long start = System.nanoTime();
		this.failures.add(new RpcUnavailableException("busy", Reason.OVERLOADED, Duration.ofMillis(80), true, null));

		CompletableFuture<RpcResponse> response = call(TestRequests.with(TestRequests::balanced, "reserve", "a", 1));

		assertThat(response).succeedsWithin(5, TimeUnit.SECONDS);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
	}

	@Test
	void makesNoMoreAttemptsThanTheBudgetOfTheTargetAllows() {
		AtomicInteger attempts = new AtomicInteger();
		RpcConnectionException lost = new RpcConnectionException("lost", null);
		int calls = 4000;

		for (int call = 0; call < calls; call++) {
			this.now.addAndGet(TimeUnit.SECONDS.toNanos(20) / calls);
			this.manual.intercept(TestRequests.of("find", "a"), (request) -> {
				attempts.incrementAndGet();
				return CompletableFuture.failedFuture(lost);
			});
		}

		assertThat((double) attempts.get() / calls).isBetween(1.1, 1.15);
	}

	@ParameterizedTest
	@EnumSource(value = Reason.class, names = { "CONNECT_FAILED", "DRAINING", "OVERLOADED" })
	void goesToAnInstanceThatIsWellHoweverManyCallsDo(Reason reason) {
		this.other = true;
		int calls = 500;

		for (int call = 0; call < calls; call++) {
			this.failures.add(new RpcUnavailableException("refused", reason, null));
			this.manual.intercept(TestRequests.of("reserve", "a", 1), this.chain);
		}

		assertThat(this.attempts).hasSize(2 * calls);
	}

	@ParameterizedTest
	@EnumSource(value = Reason.class, names = { "CONNECT_FAILED", "DRAINING", "OVERLOADED" })
	void keepsToTheBudgetWhereNoInstanceIsWell(Reason reason) {
		int calls = 500;

		for (int call = 0; call < calls; call++) {
			this.failures.add(new RpcUnavailableException("refused", reason, null));
			this.manual.intercept(TestRequests.of("reserve", "a", 1), this.chain);
			this.failures.clear();
		}

		assertThat(this.attempts.size() - calls).isEqualTo(500 / 10 + 5 * 10);
	}

	@Test
	void paysFromTheBudgetForWhatMayHaveRunThoughAnotherInstanceIsWell() {
		this.other = true;
		int calls = 500;

		for (int call = 0; call < calls; call++) {
			this.failures.add(new RpcConnectionException("lost", null));
			this.manual.intercept(TestRequests.of("find", "a"), this.chain);
			this.failures.clear();
		}

		assertThat(this.attempts.size() - calls).isEqualTo(500 / 10 + 5 * 10);
	}

	@Test
	void saysThatTheBudgetIsUsedUpBesideTheFailureOfTheLastAttempt() {
		RpcUnavailableException refused = new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null);
		Resilience none = new Resilience(new Resilience.Budget(0, 0), null, null, Resilience.DEFAULTS.balancing(),
				null);
		this.failures.add(refused);

		CompletableFuture<RpcResponse> response = call(
				TestRequests.with((settings) -> TestRequests.resilient(settings, none), "find", "a"));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS).withThrowableThat().havingCause().isSameAs(refused);
		assertThat(this.attempts).hasSize(1);
		assertThat(refused.getSuppressed()).singleElement()
			.asString()
			.contains("Stock/find on warehouse", "the retry budget of warehouse is used up");
	}

	@Test
	void doesNotRepeatACallThatIsMadeForARepetition() {
		RpcUnavailableException busy = new RpcUnavailableException("busy", Reason.OVERLOADED, null);
		this.failures.add(busy);

		CompletableFuture<RpcResponse> response = call(servingRepetition());

		assertThat(response).failsWithin(5, TimeUnit.SECONDS).withThrowableThat().havingCause().isSameAs(busy);
		assertThat(this.attempts).hasSize(1);
		assertThat(busy.getSuppressed()).singleElement().asString().contains("is a repetition itself");
	}

	@Test
	void repeatsACallThatIsMadeForARepetitionWhereNothingWasSent() {
		this.failures.add(new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null));

		CompletableFuture<RpcResponse> response = call(servingRepetition());

		assertThat(response).succeedsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).hasSize(2);
	}

	@Test
	void asksLaterAgainForAKeyedCallThatStillRuns() {
		long start = System.nanoTime();
		this.failures.add(new RpcConnectionException("lost", null));
		this.failures.add(remote(RpcStatus.ABORTED, true));

		CompletableFuture<RpcResponse> response = call(TestRequests.of("order", "a", 1));

		assertThat(response).succeedsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).hasSize(3);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
	}

	@ParameterizedTest
	@EnumSource(value = RpcStatus.class, names = { "FAILED_PRECONDITION", "INTERNAL", "INVALID_ARGUMENT" })
	void repeatsNoKeyedCallThatWasAnswered(RpcStatus status) {
		this.failures.add(remote(status, true));

		call(TestRequests.of("order", "a", 1));

		assertThat(this.attempts).hasSize(1);
	}

	@Test
	void takesARunningCallOfAnotherMethodForItsAnswer() {
		this.failures.add(remote(RpcStatus.ABORTED, true));

		call(TestRequests.of("put", "a", 1));

		assertThat(this.attempts).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource(value = RpcStatus.class, names = { "ABORTED", "SERVICE_NOT_FOUND" })
	void obeysAServerThatAsksNotToTryAgainWhateverTheError(RpcStatus status) {
		this.failures.add(remote(status, false));

		CompletableFuture<RpcResponse> response = call(TestRequests.of("order", "a", 1));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).hasSize(1);
	}

	@Test
	void countsTheAttemptsThatOtherStagesMade() {
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(5), NanoClock.SYSTEM), false,
				Runnable::run);
		RpcInstance instance = new RpcInstance("one", URI.create("http://127.0.0.1:1/rpc"));
		context.addTried(instance);
		context.addTried(instance);
		this.failures.add(new RpcConnectionException("lost", null));
		this.failures.add(new RpcConnectionException("lost again", null));

		CompletableFuture<RpcResponse> response = call(TestRequests.in(context, TestRequests.SETTINGS, "find", "a"));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).extracting(RpcRequest::attempt).containsExactly(1, 3);
	}

	@Test
	void makesNoMoreThanTheConfiguredAttempts() {
		for (int i = 0; i < 5; i++) {
			this.failures.add(new RpcUnavailableException("refused " + i, Reason.CONNECT_FAILED, null));
		}

		CompletableFuture<RpcResponse> response = call(TestRequests.of("find", "a"));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingCause()
			.withMessage("refused 2");
		assertThat(this.attempts).hasSize(3);
	}

	@Test
	void obeysAServerThatAsksNotToTryAgain() {
		this.failures.add(new RpcUnavailableException("no", Reason.OVERLOADED, null, false, null));

		CompletableFuture<RpcResponse> response = call(TestRequests.of("find", "a"));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).hasSize(1);
	}

	@Test
	void waitsAsLongAsTheServerAsks() {
		long start = System.nanoTime();
		this.failures.add(new RpcUnavailableException("later", Reason.RATE_LIMITED, Duration.ofMillis(80), true, null));

		CompletableFuture<RpcResponse> response = call(TestRequests.of("find", "a"));

		assertThat(response).succeedsWithin(5, TimeUnit.SECONDS);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
	}

	@Test
	void doesNotWaitLongerThanTheCallMayTake() {
		this.failures.add(new RpcUnavailableException("later", Reason.RATE_LIMITED, Duration.ofHours(1), true, null));

		CompletableFuture<RpcResponse> response = call(TestRequests.of("find", "a"));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).hasSize(1);
	}

	@Test
	void startsNoAttemptAfterTheDeadlineOrACancellation() {
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(5), NanoClock.SYSTEM), false,
				Runnable::run);
		context.cancel();
		this.failures.add(new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null));

		CompletableFuture<RpcResponse> response = call(TestRequests.in(context, TestRequests.SETTINGS, "find", "a"));

		assertThat(response).failsWithin(5, TimeUnit.SECONDS);
		assertThat(this.attempts).hasSize(1);
	}

	@Test
	void doesNotRepeatWhatRepeatingCannotMend() {
		this.failures.add(new RpcDeadlineExceededException("late", Execution.NOT_EXECUTED, null));

		call(TestRequests.of("find", "a"));

		assertThat(this.attempts).hasSize(1);
	}

	@Test
	void asksAnotherInstanceOnceForAServiceThatIsNotThere() {
		RpcRemoteException notThere = new RpcRemoteException("404", Execution.NOT_EXECUTED,
				RpcRemoteException.Details.of(-32601, RpcStatus.SERVICE_NOT_FOUND.name()));
		this.failures.add(notThere);
		this.failures.add(notThere);

		call(TestRequests.of("find", "a"));

		assertThat(this.attempts).hasSize(2);
	}

	private static RpcRemoteException remote(RpcStatus status, boolean retryable) {
		return new RpcRemoteException(status.message(), status.execution(), new RpcRemoteException.Details(
				status.code(), status.name(), null, Map.of(), List.of(), null, null, retryable));
	}

	private static RpcRequest servingRepetition() {
		Deadline deadline = Deadline.after(Duration.ofSeconds(5), NanoClock.SYSTEM);
		InboundCall inbound = new InboundCall(deadline, () -> RpcMetadata.EMPTY, true, Criticality.CRITICAL);
		return TestRequests.in(new CallContext(deadline, false, Runnable::run, inbound), TestRequests.SETTINGS, "find",
				"a");
	}

	private CompletableFuture<RpcResponse> call(RpcRequest request) {
		return this.retry.intercept(request, this.chain);
	}

}
