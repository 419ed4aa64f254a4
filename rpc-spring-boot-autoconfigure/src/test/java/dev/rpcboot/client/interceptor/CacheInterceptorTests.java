package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallSettings.Scope;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.CallerIdentity;
import dev.rpcboot.client.RpcClientInterceptor.Chain;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.TestRequests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CacheInterceptorTests {

	private static final RpcResponse ANSWER = TestRequests.answer("\"found\"");

	private final CallTimer timer = new CallTimer();

	private final CacheInterceptor cache = new CacheInterceptor(100, this.timer, Runnable::run);

	private final List<RpcRequest> exchanges = new ArrayList<>();

	private final List<CompletableFuture<RpcResponse>> answers = new ArrayList<>();

	private final Chain pending = (request) -> {
		this.exchanges.add(request);
		CompletableFuture<RpcResponse> answer = new CompletableFuture<>();
		this.answers.add(answer);
		return answer;
	};

	@AfterEach
	void stopTimer() {
		this.timer.close();
	}

	@Test
	void answersAgainFromMemory() {
		CompletableFuture<RpcResponse> first = this.cache.intercept(find("a", Scope.SHARED), this.pending);
		this.answers.get(0).complete(ANSWER);

		CompletableFuture<RpcResponse> second = this.cache.intercept(find("a", Scope.SHARED), this.pending);

		assertThat(first).isCompletedWithValue(ANSWER);
		assertThat(second).isCompletedWithValue(ANSWER);
		assertThat(this.exchanges).hasSize(1);
	}

	@Test
	void tellsOtherArgumentsApart() {
		this.cache.intercept(find("a", Scope.SHARED), this.pending);
		this.cache.intercept(find("b", Scope.SHARED), this.pending);

		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void keepsNothingWhereNothingIsConfigured() {
		this.cache.intercept(TestRequests.of("find", "a"), this.pending);
		this.cache.intercept(TestRequests.of("find", "a"), this.pending);

		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void doesNotKeepFailures() {
		CompletableFuture<RpcResponse> failed = this.cache.intercept(find("a", Scope.SHARED), this.pending);
		this.answers.get(0).completeExceptionally(new RpcConnectionException("lost", null));

		this.cache.intercept(find("a", Scope.SHARED), this.pending);

		assertThat(failed).failsWithin(5, TimeUnit.SECONDS);
		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void letsIdenticalCallsShareAnExchangeUnderWay() {
		CompletableFuture<RpcResponse> first = this.cache.intercept(find("a", Scope.SHARED), this.pending);
		CompletableFuture<RpcResponse> second = this.cache.intercept(find("a", Scope.SHARED), this.pending);

		this.answers.get(0).complete(ANSWER);

		assertThat(this.exchanges).hasSize(1);
		assertThat(first).isCompletedWithValue(ANSWER);
		assertThat(second).isCompletedWithValue(ANSWER);
	}

	@Test
	void goesOnForTheOthersWhenOneGivesUp() {
		RpcRequest impatient = find("a", Scope.SHARED);
		this.cache.intercept(impatient, this.pending);
		CompletableFuture<RpcResponse> patient = this.cache.intercept(find("a", Scope.SHARED), this.pending);

		impatient.context().cancel();

		assertThat(this.exchanges.get(0).context().isDone()).isFalse();
		this.answers.get(0).complete(ANSWER);
		assertThat(patient).isCompletedWithValue(ANSWER);
	}

	@Test
	void endsTheExchangeWhenEverybodyHasGivenUp() {
		RpcRequest one = find("a", Scope.SHARED);
		RpcRequest other = find("a", Scope.SHARED);
		this.cache.intercept(one, this.pending);
		this.cache.intercept(other, this.pending);

		one.context().cancel();
		other.context().expire();

		assertThat(this.exchanges.get(0).context().isCancelled()).isTrue();
	}

	@Test
	void forgetsAfterTheTimeToLive() {
		UnaryOperator<CallSettings> briefly = (settings) -> TestRequests.cached(settings,
				new CallSettings.Cache(Duration.ofNanos(1), Scope.SHARED, List.of()));
		this.cache.intercept(TestRequests.with(briefly, "find", "a"), this.pending);
		this.answers.get(0).complete(ANSWER);

		this.cache.intercept(TestRequests.with(briefly, "find", "a"), this.pending);

		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void tellsPrincipalsApart() {
		RpcRequest alice = find("a", Scope.PRINCIPAL).withAttribute(CallerIdentity.class, new CallerIdentity("alice"));
		RpcRequest bob = find("a", Scope.PRINCIPAL).withAttribute(CallerIdentity.class, new CallerIdentity("bob"));
		this.cache.intercept(alice, this.pending);
		this.answers.get(0).complete(ANSWER);

		this.cache.intercept(bob, this.pending);
		this.cache.intercept(alice, this.pending);

		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void keepsNothingForAnUnknownPrincipal() {
		this.cache.intercept(find("a", Scope.PRINCIPAL), this.pending);
		this.answers.get(0).complete(ANSWER);

		this.cache.intercept(find("a", Scope.PRINCIPAL), this.pending);

		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void keepsNothingForCallsWithoutTheNamedHeader() {
		this.cache.intercept(find("a", Scope.HEADERS), this.pending);
		this.answers.get(0).complete(ANSWER);

		this.cache.intercept(find("a", Scope.HEADERS), this.pending);

		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void doesNotKeepAnAnswerThatDoesNotFitTheContract() {
		CompletableFuture<RpcResponse> first = this.cache.intercept(find("a", Scope.SHARED), this.pending);
		this.answers.get(0).complete(TestRequests.answer("{}"));

		this.cache.intercept(find("a", Scope.SHARED), this.pending);

		assertThat(first).isCompleted();
		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void endsASharedExchangeAtItsOwnDeadlineHoweverManyKeepJoining() {
		UnaryOperator<CallSettings> hurried = (settings) -> new CallSettings(Duration.ofMillis(50), 3,
				new CallSettings.Cache(Duration.ofMinutes(1), Scope.SHARED, List.of()), null, settings.url(),
				settings.path(), settings.transport(), settings.streamIdleTimeout(), settings.compression(),
				settings.coalescing(), settings.resilience());

		this.cache.intercept(TestRequests.with(hurried, "find", "a"), this.pending);

		await().atMost(Duration.ofSeconds(10)).until(() -> this.exchanges.get(0).context().isExpired());
		this.cache.intercept(TestRequests.with(hurried, "find", "a"), this.pending);
		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void givesACallerWhoCameLateItsOwnTime() {
		CompletableFuture<RpcResponse> first = this.cache.intercept(find("a", Scope.SHARED), this.pending);
		RpcRequest late = find("a", Scope.SHARED);
		CompletableFuture<RpcResponse> second = this.cache.intercept(late, this.pending);
		CompletableFuture<RpcResponse> third = this.cache.intercept(find("a", Scope.SHARED), this.pending);
		this.exchanges.get(0).context().markSent();

		this.exchanges.get(0).context().expire();
		this.answers.get(0).completeExceptionally(new RpcDeadlineExceededException("late", Execution.UNKNOWN, null));

		assertThat(first).isCompletedExceptionally();
		assertThat(this.exchanges).hasSize(2);
		assertThat(late.context().isSent()).isTrue();
		this.answers.get(1).complete(ANSWER);
		assertThat(second).isCompletedWithValue(ANSWER);
		assertThat(third).isCompletedWithValue(ANSWER);
	}

	@Test
	void answersACallerWhoCameLateFromMemoryIfOthersWereFaster() {
		List<Runnable> later = new ArrayList<>();
		this.cache.intercept(find("a", Scope.SHARED), this.pending);
		RpcRequest late = find("a", Scope.SHARED)
			.withContext(new CallContext(Deadline.after(Duration.ofMinutes(1), NanoClock.SYSTEM), true, later::add));
		CompletableFuture<RpcResponse> second = this.cache.intercept(late, this.pending);
		this.exchanges.get(0).context().expire();
		this.answers.get(0).completeExceptionally(new RpcDeadlineExceededException("late", Execution.UNKNOWN, null));
		this.cache.intercept(find("a", Scope.SHARED), this.pending);
		this.answers.get(1).complete(ANSWER);

		later.forEach(Runnable::run);

		assertThat(second).isCompletedWithValue(ANSWER);
		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void makesNoOtherExchangeWhenAServerGivesUpBeforeTheDeadline() {
		CompletableFuture<RpcResponse> first = this.cache.intercept(find("a", Scope.SHARED), this.pending);
		CompletableFuture<RpcResponse> second = this.cache.intercept(find("a", Scope.SHARED), this.pending);

		this.answers.get(0).completeExceptionally(new RpcDeadlineExceededException("late", Execution.UNKNOWN, null));

		assertThat(first).isCompletedExceptionally();
		assertThat(second).isCompletedExceptionally();
		assertThat(this.exchanges).hasSize(1);
	}

	@Test
	void doesNotCallAgainForACallerWhoseOwnTimeIsOver() {
		RpcRequest late = find("a", Scope.SHARED);
		this.cache.intercept(find("a", Scope.SHARED), this.pending);
		CompletableFuture<RpcResponse> second = this.cache.intercept(late, this.pending);
		late.context().expire();

		this.answers.get(0).completeExceptionally(new RpcDeadlineExceededException("late", Execution.UNKNOWN, null));

		assertThat(second).isCompletedExceptionally();
		assertThat(this.exchanges).hasSize(1);
	}

	@Test
	void tellsACallerThatItsExchangeWasSent() {
		RpcRequest request = find("a", Scope.SHARED);
		this.cache.intercept(request, this.pending);

		this.exchanges.get(0).context().markSent();

		assertThat(request.context().isSent()).isTrue();
	}

	@Test
	void tellsValuesOfTheNamedHeadersApart() {
		this.cache.intercept(find("a", Scope.HEADERS).withHeader("X-Tenant", "one"), this.pending);
		this.answers.get(0).complete(ANSWER);

		this.cache.intercept(find("a", Scope.HEADERS).withHeader("X-Tenant", "two"), this.pending);
		this.cache.intercept(find("a", Scope.HEADERS).withHeader("X-Tenant", "one"), this.pending);

		assertThat(this.exchanges).hasSize(2);
	}

	@Test
	void tellsMetadataApart() {
		this.cache.intercept(find("a", Scope.SHARED).withMetadata("tenant", "one"), this.pending);
		CompletableFuture<RpcResponse> joined = this.cache
			.intercept(find("a", Scope.SHARED).withMetadata("tenant", "two"), this.pending);
		this.answers.get(0).complete(ANSWER);
		this.cache.intercept(find("a", Scope.SHARED), this.pending);
		this.cache.intercept(find("a", Scope.SHARED).withMetadata("Tenant", "one"), this.pending);

		assertThat(joined).isNotDone();
		assertThat(this.exchanges).hasSize(3);
	}

	private static RpcRequest find(String sku, Scope scope) {
		return TestRequests.with((settings) -> TestRequests.cached(settings,
				new CallSettings.Cache(Duration.ofMinutes(1), scope, List.of("X-Tenant"))), "find", sku);
	}

}
