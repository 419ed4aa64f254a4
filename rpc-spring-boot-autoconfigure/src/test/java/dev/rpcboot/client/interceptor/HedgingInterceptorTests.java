package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcException;
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
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallExecutor;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.Hedge;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcClientInterceptor.Chain;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.TestRequests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(30)
class HedgingInterceptorTests {

	private static final RpcResponse ANSWER = new RpcResponse(null, RpcHeaders.EMPTY);

	private static final RpcResponse OTHER = new RpcResponse(null, RpcHeaders.EMPTY);

	private static final Resilience.Hedging OFTEN = new Resilience.Hedging(0.95, true, new Resilience.Budget(1, 100));

	private static final CallSettings SETTINGS = settings(OFTEN);

	private final CallTimer timer = new CallTimer();

	private final CallExecutor executor = new CallExecutor();

	private final AtomicLong now = new AtomicLong();

	private final HedgingInterceptor hedging = new HedgingInterceptor(this.timer, this.executor.executor(),
			this.now::get);

	private final List<Attempt> attempts = new CopyOnWriteArrayList<>();

	@BeforeEach
	void learn() {
		for (int i = 0; i < 100; i++) {
			for (String method : List.of("find", "put", "reserve", "order")) {
				this.hedging.intercept(request(SETTINGS, method), (request) -> {
					this.now.addAndGet(Duration.ofMillis(2).toNanos());
					return CompletableFuture.completedFuture(ANSWER);
				});
			}
		}
	}

	@AfterEach
	void stop() throws Exception {
		this.timer.close();
		this.executor.close();
	}

	@Test
	void asksAnotherInstanceWhenOneIsSlowAndTakesTheFirstAnswer() {
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));

		Attempt second = second();
		second.answer.complete(OTHER);

		assertThat(response).succeedsWithin(Duration.ofSeconds(5)).isSameAs(OTHER);
		assertThat(second.request.attempt()).isEqualTo(2);
		assertThat(second.request.attribute(Hedge.class)).isNotNull();
		assertThat(this.attempts.get(0).request.attribute(Hedge.class)).isNull();
		assertThat(this.attempts.get(0).request.context().isCancelled()).isTrue();
		assertThat(second.request.context().isCancelled()).isFalse();
	}

	@Test
	void endsTheSecondAttemptWhenTheFirstIsAnsweredAfterAll() {
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "put"));
		Attempt second = second();

		this.attempts.get(0).answer.complete(ANSWER);

		assertThat(response).isCompletedWithValue(ANSWER);
		assertThat(second.request.context().isCancelled()).isTrue();
	}

	@Test
	void endsTheExchangeOfACallerWhoWaitsOnItsOwnThread() throws Exception {
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(20), NanoClock.SYSTEM), true,
				Runnable::run);
		Thread caller = Thread.currentThread();
		List<Thread> threads = new CopyOnWriteArrayList<>();

		CompletableFuture<RpcResponse> response = this.hedging
			.intercept(TestRequests.in(context, SETTINGS, "find", "a"), (request) -> {
				threads.add(Thread.currentThread());
				if (!request.context().isBlocking()) {
					return CompletableFuture.completedFuture(OTHER);
				}
				CountDownLatch ended = new CountDownLatch(1);
				request.context().onEnd(ended::countDown);
				awaitQuietly(ended);
				return CompletableFuture.failedFuture(new RpcConnectionException("closed", null));
			});

		assertThat(response).isCompletedWithValue(OTHER);
		assertThat(threads).hasSize(2).first().isSameAs(caller);
		assertThat(threads.get(1)).isNotSameAs(caller);
		assertThat(context.isCancelled()).isFalse();
	}

	@Test
	void waitsForTheSecondWhenTheFirstFails() {
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));
		Attempt second = second();

		this.attempts.get(0).answer.completeExceptionally(new RpcConnectionException("lost", null));
		boolean early = response.isDone();
		second.answer.complete(OTHER);

		assertThat(early).isFalse();
		assertThat(response).succeedsWithin(Duration.ofSeconds(5)).isSameAs(OTHER);
	}

	@Test
	void goesOnOnTheThreadOfACallerWhoWaits() throws Exception {
		BlockingQueue<Runnable> caller = new LinkedBlockingQueue<>();
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(20), NanoClock.SYSTEM), true,
				caller::add);
		CountDownLatch hedged = new CountDownLatch(1);
		CompletableFuture<RpcResponse> second = new CompletableFuture<>();
		CompletableFuture<RpcResponse> response = this.hedging
			.intercept(TestRequests.in(context, SETTINGS, "find", "a"), (request) -> {
				if (!request.context().isBlocking()) {
					hedged.countDown();
					return second;
				}
				awaitQuietly(hedged);
				return CompletableFuture.failedFuture(new RpcConnectionException("lost", null));
			});

		second.complete(OTHER);
		boolean elsewhere = response.isDone();
		Runnable later = caller.poll(10, TimeUnit.SECONDS);
		later.run();

		assertThat(elsewhere).isFalse();
		assertThat(response).isCompletedWithValue(OTHER);
	}

	@Test
	void asksAThirdInstanceWhereTheSecondRefusesAndTheFirstHangs() {
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));
		second().answer.completeExceptionally(new RpcUnavailableException("busy", Reason.OVERLOADED, null));

		await().atMost(Duration.ofSeconds(10)).until(() -> this.attempts.size() == 3);
		this.attempts.get(2).answer.complete(OTHER);

		assertThat(response).isCompletedWithValue(OTHER);
		assertThat(this.attempts.get(2).request.attempt()).isEqualTo(3);
		assertThat(this.attempts.get(0).request.context().isCancelled()).isTrue();
	}

	@Test
	void makesNoMoreAttemptsThanACallMayHave() {
		call(request(SETTINGS, "find"));
		second().answer.completeExceptionally(new RpcUnavailableException("busy", Reason.OVERLOADED, null));
		await().atMost(Duration.ofSeconds(10)).until(() -> this.attempts.size() == 3);

		this.attempts.get(2).answer.completeExceptionally(new RpcUnavailableException("busy", Reason.OVERLOADED, null));

		afterALongTime();
		assertThat(this.attempts).hasSize(3);
	}

	@Test
	void waitsForTheFirstWhenThereIsNoOtherInstance() {
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));
		second().answer.completeExceptionally(new RpcUnavailableException("none", Reason.NO_INSTANCE, null));

		boolean early = response.isDone();
		this.attempts.get(0).answer.complete(ANSWER);

		assertThat(early).isFalse();
		assertThat(response).isCompletedWithValue(ANSWER);
	}

	@Test
	void doesNotClaimThatNothingRanWhereOneOfBothMayHave() {
		RpcUnavailableException refused = new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null);
		RpcConnectionException lost = new RpcConnectionException("lost", null);
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));

		second().answer.completeExceptionally(lost);
		this.attempts.get(0).answer.completeExceptionally(refused);

		assertThat(failureOf(response)).isSameAs(lost).hasSuppressedException(refused);
	}

	@Test
	void tellsTheFailureOfTheFirstWhereBothSayAsMuch() {
		RpcUnavailableException refused = new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null);
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));
		Attempt second = second();

		this.attempts.get(0).answer.completeExceptionally(refused);
		second.answer.completeExceptionally(new RpcUnavailableException("none", Reason.NO_INSTANCE, null));

		assertThat(failureOf(response)).isSameAs(refused);
	}

	@Test
	void takesAnExceptionOfTheContractForAnAnswer() {
		TestRequests.OutOfStockException out = new TestRequests.OutOfStockException(0);
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));

		second().answer.completeExceptionally(out);

		assertThat(failureOf(response)).isSameAs(out);
		assertThat(this.attempts.get(0).request.context().isCancelled()).isTrue();
	}

	@Test
	void endsBothWhenTheCallEnds() {
		RpcRequest request = request(SETTINGS, "find");
		call(request);
		Attempt second = second();

		request.context().cancel();

		assertThat(this.attempts.get(0).request.context().isCancelled()).isTrue();
		assertThat(second.request.context().isCancelled()).isTrue();
	}

	@Test
	void sharesWhatWasTriedAndSent() {
		RpcRequest request = request(SETTINGS, "find");
		call(request);
		RpcInstance instance = new RpcInstance("one", URI.create("http://127.0.0.1:1/rpc"));
		this.attempts.get(0).request.context().addTried(instance);
		CallContext second = second().request.context();

		second.markSent();

		assertThat(second.tried()).containsExactly(instance);
		assertThat(request.context().tried()).containsExactly(instance);
		assertThat(request.context().isSent()).isTrue();
		assertThat(request.context().isDone()).isFalse();
	}

	@Test
	void hedgesNothingThatMayNotBeRepeated() {
		assertNotHedged(request(SETTINGS, "reserve"));
	}

	@Test
	void hedgesKeyedCallsOfWhichTheProviderRunsOneAttempt() {
		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "order"));
		Attempt second = second();

		this.attempts.get(0).answer.completeExceptionally(new RpcRemoteException("running", Execution.UNKNOWN,
				RpcRemoteException.Details.of(RpcStatus.ABORTED.code(), RpcStatus.ABORTED.name())));
		boolean waited = !response.isDone();
		second.answer.complete(OTHER);

		assertThat(waited).isTrue();
		assertThat(response).succeedsWithin(Duration.ofSeconds(5)).isSameAs(OTHER);
	}

	@Test
	void hedgesNothingThatIsSwitchedOffOrHasNoOtherInstance() {
		assertNotHedged(request(settings(null), "find"));
		assertNotHedged(request(TestRequests.SETTINGS, "find"));
		assertNotHedged(request(settings(new Resilience.Hedging(0.95, false, new Resilience.Budget(1, 100))), "order"));
	}

	@Test
	void makesTheCallWithoutASecondAttemptWhileTheApplicationShutsDown() {
		this.timer.close();

		CompletableFuture<RpcResponse> response = call(request(SETTINGS, "find"));

		this.attempts.get(0).answer.complete(ANSWER);
		assertThat(response).isCompletedWithValue(ANSWER);
	}

	@Test
	void hedgesNoBroadcastAndNoLastAttempt() {
		assertNotHedged(request(SETTINGS, "find").withAttribute(BroadcastPolicy.class, BroadcastPolicy.ALL));
		assertNotHedged(request(SETTINGS, "find").withAttempt(3));
	}

	@Test
	void hedgesNothingThatIsMadeForARepetition() {
		Deadline deadline = Deadline.after(Duration.ofSeconds(20), NanoClock.SYSTEM);
		InboundCall inbound = new InboundCall(deadline, () -> RpcMetadata.EMPTY, true, Criticality.CRITICAL);

		assertNotHedged(TestRequests.in(new CallContext(deadline, false, this.executor.executor(), inbound), SETTINGS,
				"find", "a"));
	}

	@Test
	void hedgesNothingAtOnceBeforeItKnowsHowLongCallsTake() {
		HedgingInterceptor young = new HedgingInterceptor(this.timer, this.executor.executor(), this.now::get);

		young.intercept(request(SETTINGS, "find"), this::hang);

		afterALongTime();
		assertThat(this.attempts).hasSize(1);
	}

	@Test
	void hedgesWhatHangsThoughItDoesNotKnowHowLongCallsTake() {
		HedgingInterceptor young = new HedgingInterceptor(this.timer, this.executor.executor(), this.now::get);
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(1), NanoClock.SYSTEM), false,
				this.executor.executor());

		CompletableFuture<RpcResponse> response = young.intercept(TestRequests.in(context, SETTINGS, "find", "a"),
				this::hang);
		second().answer.complete(OTHER);

		assertThat(response).isCompletedWithValue(OTHER);
	}

	@Test
	void hedgesLaterWhatHangsWhileTheBudgetIsUsedUp() {
		CallSettings rarely = settings(new Resilience.Hedging(0.95, true, new Resilience.Budget(0.01, 0)));
		HedgingInterceptor careful = new HedgingInterceptor(this.timer, this.executor.executor(), this.now::get);
		Chain quick = (request) -> {
			this.now.addAndGet(Duration.ofMillis(1).toNanos());
			return CompletableFuture.completedFuture(ANSWER);
		};
		for (int i = 0; i < 100; i++) {
			careful.intercept(request(rarely, "find"), quick);
		}
		careful.intercept(request(rarely, "find"), this::hang);
		careful.intercept(request(rarely, "find"), this::hang);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.attempts.size() == 3);
		afterALongTime();
		int before = this.attempts.size();

		for (int i = 0; i < 100; i++) {
			careful.intercept(request(rarely, "find"), quick);
		}

		assertThat(before).isEqualTo(3);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.attempts.size() == 4);
	}

	@Test
	void hedgesNoMoreCallsThanItsBudgetAllows() {
		CallSettings rarely = settings(new Resilience.Hedging(0.95, true, new Resilience.Budget(0.05, 0)));
		HedgingInterceptor careful = new HedgingInterceptor(this.timer, this.executor.executor(), this.now::get);
		for (int i = 0; i < 100; i++) {
			careful.intercept(request(rarely, "find"), (request) -> {
				this.now.addAndGet(Duration.ofMillis(2).toNanos());
				return CompletableFuture.completedFuture(ANSWER);
			});
		}

		for (int i = 0; i < 100; i++) {
			careful.intercept(request(rarely, "find"), this::hang);
		}

		await().atMost(Duration.ofSeconds(10)).until(() -> this.attempts.size() >= 110);
		afterALongTime();
		assertThat(this.attempts).hasSize(110);
	}

	private void assertNotHedged(RpcRequest request) {
		int before = this.attempts.size();

		CompletableFuture<RpcResponse> response = call(request);

		afterALongTime();
		assertThat(this.attempts).hasSize(before + 1);
		this.attempts.get(before).answer.complete(ANSWER);
		assertThat(response).isCompletedWithValue(ANSWER);
	}

	/** Once a task that was scheduled later has run, whatever was to happen has begun. */
	private void afterALongTime() {
		CompletableFuture<Void> later = new CompletableFuture<>();
		this.timer.schedule(() -> this.executor.executor().execute(() -> later.complete(null)), Duration.ofMillis(50));
		later.orTimeout(10, TimeUnit.SECONDS).join();
	}

	private CompletableFuture<RpcResponse> call(RpcRequest request) {
		return this.hedging.intercept(request, this::hang);
	}

	private CompletableFuture<RpcResponse> hang(RpcRequest request) {
		Attempt attempt = new Attempt(request, new CompletableFuture<>());
		this.attempts.add(attempt);
		return attempt.answer;
	}

	private Attempt second() {
		await().atMost(Duration.ofSeconds(10)).until(() -> this.attempts.size() == 2);
		return this.attempts.get(1);
	}

	private static Throwable failureOf(CompletableFuture<RpcResponse> response) {
		return response.handle((answer, failure) -> failure).orTimeout(10, TimeUnit.SECONDS).join();
	}

	private RpcRequest request(CallSettings settings, String method) {
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(20), NanoClock.SYSTEM), false,
				this.executor.executor());
		return TestRequests.in(context, settings, method, "a");
	}

	private static CallSettings settings(Resilience.@Nullable Hedging hedging) {
		Resilience defaults = Resilience.DEFAULTS;
		return TestRequests.balanced(TestRequests.resilient(TestRequests.SETTINGS,
				new Resilience(defaults.retryBudget(), hedging, null, defaults.balancing(), null)));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record Attempt(RpcRequest request, CompletableFuture<RpcResponse> answer) {
	}

}
