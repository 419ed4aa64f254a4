package dev.rpcboot.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Which calls travel together, and what becomes of each. The transport answers when the
 * test says so.
 */
@Timeout(60)
class CoalescingTransportTests {

	private static final URI INSTANCE = URI.create("http://127.0.0.1:1/rpc/Stock");

	private static final Duration SOON = Duration.ofSeconds(10);

	private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();

	private final CallTimer timer = new CallTimer();

	private CoalescingTransport transport = new CoalescingTransport(this::exchange, this.timer, Duration.ofMinutes(1));

	private final List<CompletableFuture<Answer>> filling = new ArrayList<>();

	@AfterEach
	void stop() {
		this.timer.close();
	}

	@Test
	void callsOfAMethodThatIsNotKnownToBeQuickTravelAlone() throws Exception {
		for (int i = 0; i < 10; i++) {
			call("find");
		}

		for (int i = 0; i < 10; i++) {
			assertThat(next().coalesced()).isNull();
		}
	}

	@Test
	void callsThatWaitTravelTogether() throws Exception {
		List<Exchange> first = fill("find");
		CompletableFuture<Answer> a = call("find", "a");
		CompletableFuture<Answer> b = call("find", "b");
		assertThat(this.exchanges).isEmpty();

		first.get(0).answer(invited(), "{\"first\":1}");
		Exchange together = next();

		assertThat(together.coalesced()).isEqualTo("2");
		assertThat(together.message.headers().first("X-Tenant")).isEqualTo("acme");
		assertThat(together.message.headers().first("Rpc-Method")).isNull();
		assertThat(together.message.headers().first("Rpc-Call-Id")).isNull();
		assertThat(together.body().replaceAll("[45][0-9]{3}", "4999"))
			.isEqualTo("[{\"call\":\"a\",\"headers\":{\"Rpc-Call-Id\":\"id-a\",\"Rpc-Timeout-Ms\":\"4999\"}},"
					+ "{\"call\":\"b\",\"headers\":{\"Rpc-Call-Id\":\"id-b\",\"Rpc-Timeout-Ms\":\"4999\"}}]");
		together.answer(invited(), "[{\"answer\":\"a\"},{\"answer\":\"b\"}]");
		assertThat(text(a)).isEqualTo("{\"answer\":\"a\"}");
		assertThat(text(b)).isEqualTo("{\"answer\":\"b\"}");
	}

	@Test
	void aCallThatWaitsAloneTravelsAsItIs() throws Exception {
		List<Exchange> first = fill("find");
		CompletableFuture<Answer> a = call("find", "a");

		first.get(0).answer(invited(), "{\"first\":1}");
		Exchange alone = next();

		assertThat(alone.coalesced()).isNull();
		assertThat(alone.body()).isEqualTo("{\"call\":\"a\"}");
		alone.answer(invited(), "{\"answer\":\"a\"}");
		assertThat(text(a)).isEqualTo("{\"answer\":\"a\"}");
	}

	@Test
	void onlyCallsWithEqualHeadersTravelTogether() throws Exception {
		fill("find");
		call("find", "a1", "X-User", "ada");
		Exchange ada = next();
		call("find", "a2", "X-User", "ada");
		next();
		call("find", "a3", "X-User", "ada");
		call("find", "b1", "X-User", "bob");
		Exchange bob = next();
		call("find", "a4", "X-User", "ada");

		ada.answer(invited(), "{}");
		Exchange together = next();

		assertThat(bob.body()).isEqualTo("{\"call\":\"b1\"}");
		assertThat(together.coalesced()).isEqualTo("2");
		assertThat(together.body()).contains("\"a3\"", "\"a4\"");
		assertThat(together.message.headers().first("X-User")).isEqualTo("ada");
	}

	@Test
	void noMoreTravelTogetherThanTheInstanceSaid() throws Exception {
		List<Exchange> first = fill("find", "3");
		for (int i = 0; i < 5; i++) {
			call("find", "c" + i);
		}

		first.get(0).answer(RpcHeaders.of("Content-Type", "application/json", "Rpc-Max-Coalesced", "3"), "{}");

		assertThat(next().coalesced()).isEqualTo("3");
	}

	@Test
	void aMethodThatIsNotQuickAnyMoreTravelsAlone() throws Exception {
		List<Exchange> first = fill("find");
		call("find", "a");
		call("find", "b");
		first.get(0).answer(invited(), "{}");
		Exchange together = next();

		together.answer(json(), "[{\"answer\":\"a\"},{\"answer\":\"b\"}]");
		// known when they have theirs
		await().atMost(SOON).until(() -> {
			call("find", "c");
			return this.exchanges.size() > 2;
		});

		assertThat(this.exchanges).allSatisfy((exchange) -> assertThat(exchange.body()).isEqualTo("{\"call\":\"c\"}"));
	}

	@Test
	void aSlowMethodIsNotHeldUpByTheOthers() throws Exception {
		fill("find");
		call("find", "waits");

		call("slow", "s");

		assertThat(next().body()).isEqualTo("{\"call\":\"s\"}");
	}

	@Test
	void allTravelAloneOnceOneOfThemStalls() throws Exception {
		this.transport = new CoalescingTransport(this::exchange, this.timer);
		fill("find");
		call("slow", "known");
		next().answer(invited(), "{}");
		call("slow", "waits");
		assertThat(next().body()).contains("waits");

		for (int i = 0; i < 10; i++) {
			call("slow", "s" + i);
			call("find", "f" + i);
		}

		for (int i = 0; i < 20; i++) {
			assertThat(next().coalesced()).isNull();
		}
	}

	@Test
	void callsThatTakeLongerTakeMoreOfAnExchange() throws Exception {
		List<Exchange> first = fill("find", "2");
		call("slow", "known");
		next().answer(invited(), "{}");
		for (String name : List.of("a", "b", "c")) {
			call("find", name);
		}
		call("slow", "d");

		first.get(0).answer(RpcHeaders.of("Content-Type", "application/json", "Rpc-Max-Coalesced", "2"), "{}");

		assertThat(next().body()).contains("\"a\"", "\"b\"").doesNotContain("\"c\"", "\"d\"");
	}

	@Test
	void aDeadlineThatPassesForSeveralOnTheWayCountsOnce() throws Exception {
		List<Exchange> first = fill("find");
		List<CallContext> hurried = List.of(context(Duration.ofSeconds(5)), context(Duration.ofSeconds(5)));
		CompletableFuture<Answer> a = call("find", "a", hurried.get(0));
		CompletableFuture<Answer> b = call("find", "b", hurried.get(1));
		first.get(0).answer(invited(), "{}");
		next();

		hurried.forEach(CallContext::expire);

		assertThat(Failures.isCountedElsewhere(catchThrowable(a::get).getCause(), this)).isFalse();
		assertThat(Failures.isCountedElsewhere(catchThrowable(b::get).getCause(), this)).isTrue();
	}

	@Test
	void allThatWaitTravelAloneOnceAnExchangeIsLost() throws Exception {
		List<Exchange> first = fill("find");
		for (int i = 0; i < 10; i++) {
			call("find", "f" + i);
		}

		first.get(0).answer.completeExceptionally(new RpcConnectionException("lost", null));

		for (int i = 0; i < 10; i++) {
			assertThat(next().coalesced()).isNull();
		}
	}

	@Test
	void nobodyWaitsLongForWhatIsSlowAfterAll() throws Exception {
		this.transport = new CoalescingTransport(this::exchange, this.timer);
		fill("find");
		CompletableFuture<Answer> a = call("find", "a");

		Exchange relief = next();

		assertThat(relief.body()).isEqualTo("{\"call\":\"a\"}");
		relief.answer(invited(), "{\"answer\":\"a\"}");
		assertThat(text(a)).isEqualTo("{\"answer\":\"a\"}");
	}

	@Test
	void aCallEndsAtItsOwnDeadlineWhileItWaits() throws Exception {
		List<Exchange> first = fill("find");
		CallContext hurried = context(Duration.ofSeconds(5));
		CompletableFuture<Answer> a = call("find", "a", hurried);
		CompletableFuture<Answer> b = call("find", "b");

		hurried.expire();
		first.get(0).answer(invited(), "{}");

		assertThat(catchThrowable(a::get)).cause()
			.isInstanceOfSatisfying(RpcDeadlineExceededException.class,
					(ex) -> assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED));
		Exchange alone = next();
		assertThat(alone.body()).isEqualTo("{\"call\":\"b\"}");
		alone.answer(invited(), "{\"answer\":\"b\"}");
		assertThat(text(b)).isEqualTo("{\"answer\":\"b\"}");
	}

	@Test
	void aCallEndsAtItsOwnDeadlineOnTheWayAndTheOthersGoOn() throws Exception {
		List<Exchange> first = fill("find");
		CallContext hurried = context(Duration.ofSeconds(5));
		CompletableFuture<Answer> a = call("find", "a", hurried);
		CompletableFuture<Answer> b = call("find", "b");
		first.get(0).answer(invited(), "{}");
		Exchange together = next();

		hurried.expire();

		assertThat(catchThrowable(a::get)).cause()
			.isInstanceOfSatisfying(RpcDeadlineExceededException.class,
					(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
		assertThat(together.context.isDone()).isFalse();
		together.answer(invited(), "[{\"answer\":\"a\"},{\"answer\":\"b\"}]");
		assertThat(text(b)).isEqualTo("{\"answer\":\"b\"}");
	}

	@Test
	void anExchangeEndsWhenNobodyWaitsAnyMore() throws Exception {
		List<Exchange> first = fill("find");
		CallContext one = context(Duration.ofSeconds(5));
		CallContext other = context(Duration.ofSeconds(5));
		CompletableFuture<Answer> a = call("find", "a", one);
		call("find", "b", other);
		first.get(0).answer(invited(), "{}");
		Exchange together = next();

		one.cancel();
		assertThat(together.context.isDone()).isFalse();
		other.cancel();

		assertThat(together.context.isCancelled()).isTrue();
		assertThat(a).isCompletedExceptionally();
		assertThat(catchThrowable(a::join)).satisfiesAnyOf(
				(ex) -> assertThat(ex).isInstanceOf(CancellationException.class),
				(ex) -> assertThat(ex).hasCauseInstanceOf(CancellationException.class));
	}

	@Test
	void anExchangeLastsAsLongAsTheLatestDeadline() throws Exception {
		List<Exchange> first = fill("find");
		call("find", "a", context(Duration.ofSeconds(2)));
		call("find", "b", context(Duration.ofSeconds(9)));

		first.get(0).answer(invited(), "{}");
		Exchange together = next();

		assertThat(together.context.remaining()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(9));
		assertThat(Long.parseLong(together.message.headers().first("Rpc-Timeout-Ms"))).isBetween(5000L, 9000L);
	}

	@Test
	void aCallIsSentOnceItIsOnItsWay() throws Exception {
		List<Exchange> first = fill("find");
		CallContext context = context(Duration.ofSeconds(5));
		call("find", "a", context);
		call("find", "b");
		assertThat(context.isSent()).isFalse();

		first.get(0).answer(invited(), "{}");
		next();

		assertThat(context.isSent()).isTrue();
	}

	@Test
	void aLostConnectionIsAFailureOfEachInAnExceptionOfItsOwn() throws Exception {
		RpcException ofA = failureOfEach(new RpcConnectionException("lost", null));

		assertThat(ofA).isInstanceOf(RpcConnectionException.class)
			.hasMessageContaining("call a")
			.hasMessageContaining("lost")
			.returns(Execution.UNKNOWN, RpcException::execution);
	}

	@Test
	void aLostConnectionCountsForTheFirstThatIsStillWaitedFor() throws Exception {
		List<Exchange> first = fill("find");
		CallContext gone = context(Duration.ofSeconds(5));
		call("find", "a", gone);
		CompletableFuture<Answer> b = call("find", "b");
		first.get(0).answer(invited(), "{}");
		Exchange together = next();

		gone.cancel();
		together.answer.completeExceptionally(new RpcConnectionException("lost", null));

		Throwable ofB = catchThrowable(() -> b.get(10, TimeUnit.SECONDS)).getCause();
		assertThat(ofB).isInstanceOf(RpcConnectionException.class);
		assertThat(Failures.isCountedElsewhere(ofB, this)).isFalse();
	}

	@Test
	void aRefusedConnectionIsSafeToRepeatForEach() throws Exception {
		RpcException ofA = failureOfEach(new RpcUnavailableException("refused", Reason.CONNECT_FAILED, null));

		assertThat(ofA).isInstanceOfSatisfying(RpcUnavailableException.class,
				(ex) -> assertThat(ex.reason()).isEqualTo(Reason.CONNECT_FAILED));
		assertThat(ofA.execution()).isEqualTo(Execution.NOT_EXECUTED);
	}

	@Test
	void aGarbledAnswerIsAFailureOfEach() throws Exception {
		assertThat(failureOfEach(new RpcProtocolException("garbled", Execution.UNKNOWN, null)))
			.isInstanceOf(RpcProtocolException.class);
	}

	@Test
	void anAnswerThatIsNotForAllIsAFailureOfEach() throws Exception {
		List<CompletableFuture<Answer>> calls = together();

		next().answer(invited(), "[{\"answer\":\"a\"}]");

		for (CompletableFuture<Answer> call : calls) {
			assertThat(catchThrowable(call::get)).cause().isInstanceOf(RpcProtocolException.class);
		}
	}

	@Test
	void aRefusalOfAllIsTheAnswerToEach() throws Exception {
		List<CompletableFuture<Answer>> calls = together();

		next().answer(503, json(), "{\"error\":\"overloaded\"}");

		for (CompletableFuture<Answer> call : calls) {
			assertThat(call.get(10, TimeUnit.SECONDS).status()).isEqualTo(503);
			assertThat(text(call)).isEqualTo("{\"error\":\"overloaded\"}");
		}
	}

	@ParameterizedTest
	@CsvSource({ "400, INVALID_REQUEST", "413, PAYLOAD_TOO_LARGE", "200, PARSE_ERROR", "403,", "404,", "413," })
	void callsTravelAloneIfTheyAreRefusedForComingTogether(int status, String named) throws Exception {
		List<CompletableFuture<Answer>> calls = together();

		next().answer(status, (named != null) ? json().with("Rpc-Status", named) : RpcHeaders.EMPTY, "{\"error\":1}");
		Exchange a = next();
		Exchange b = next();

		assertThat(List.of(a.body(), b.body())).containsExactlyInAnyOrder("{\"call\":\"a\"}", "{\"call\":\"b\"}");
		a.answer(invited(), "{}");
		b.answer(invited(), "{}");
		for (CompletableFuture<Answer> call : calls) {
			assertThat(call.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		}
		for (int i = 0; i < 5; i++) {
			call("find", "later" + i);
			assertThat(next().coalesced()).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403, 404, 413 })
	void callsThatMayNotRunTwiceAreNotSentAgainOnTheWordOfAnybody(int status) throws Exception {
		List<Exchange> first = fill("change");
		List<CompletableFuture<Answer>> calls = List.of(call("change", "a"), call("change", "b"));
		first.get(0).answer(invited(), "{}");

		next().answer(status, RpcHeaders.EMPTY, "");

		for (CompletableFuture<Answer> call : calls) {
			assertThat(call.get(10, TimeUnit.SECONDS).status()).isEqualTo(status);
		}
		assertThat(this.exchanges).isEmpty();
	}

	@Test
	void nothingTakesAShareOfAnExchangeWhileThatIsRefused() throws Exception {
		CoalescingRoute route = new CoalescingRoute(this.transport, 64);
		CoalescedCall call = new CoalescedCall(message("a"), method("find"), context(Duration.ofSeconds(5)));
		learn(route, call);
		assertThat(route.share(call)).isLessThan(1);

		refuse(route);
		assertThat(route.share(call)).isEqualTo(1);
	}

	private void learn(CoalescingRoute route, CoalescedCall call) throws Exception {
		CompletableFuture<Answer> alone = route.alone(call);
		next().answer(invited(), "{}");
		alone.get(10, TimeUnit.SECONDS);
	}

	private void refuse(CoalescingRoute route) throws Exception {
		List<CoalescedCall> calls = List.of(
				new CoalescedCall(message("a"), method("find"), context(Duration.ofSeconds(5))),
				new CoalescedCall(message("b"), method("find"), context(Duration.ofSeconds(5))));
		CompletableFuture<Void> carried = CompletableFuture
			.runAsync(() -> route.carry(new CoalescedExchange(calls, RpcHeaders.EMPTY)));
		next().answer(400, json().with("Rpc-Status", "INVALID_REQUEST"), "{}");
		carried.get(10, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 405, 500, 502, 504 })
	void nothingIsSentAgainThatMayHaveRun(int status) throws Exception {
		List<CompletableFuture<Answer>> calls = together();

		next().answer(status, RpcHeaders.of("Content-Type", "text/html"), "<html>");

		for (CompletableFuture<Answer> call : calls) {
			assertThat(call.get(10, TimeUnit.SECONDS).status()).isEqualTo(status);
		}
		assertThat(this.exchanges).isEmpty();
	}

	@Test
	void anAsynchronousCallGoesOnWhereItsLaterWorkDoes() throws Exception {
		List<Exchange> first = fill("find");
		BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(5), NanoClock.SYSTEM), false,
				later::add);
		CompletableFuture<Answer> a = call("find", "a", context);
		CompletableFuture<Answer> b = call("find", "b");
		first.get(0).answer(invited(), "{}");
		next().answer(invited(), "[{\"answer\":\"a\"},{\"answer\":\"b\"}]");
		text(b);
		assertThat(a).isNotDone();

		later.poll(10, TimeUnit.SECONDS).run();

		assertThat(text(a)).isEqualTo("{\"answer\":\"a\"}");
	}

	@Test
	void aCallThatHasEndedIsNotSent() throws Exception {
		List<Exchange> first = fill("find");
		CallContext over = context(Duration.ofSeconds(5));
		call("find", "a", over);
		call("find", "b");
		call("find", "c");

		over.cancel();
		first.get(0).answer(invited(), "{}");

		assertThat(next().body()).contains("\"b\"", "\"c\"").doesNotContain("\"a\"");
	}

	@Test
	void callsLeaveAtOnceWhereTheNetworkIsSlow() throws Exception {
		List<Exchange> open = new ArrayList<>(fill("find"));
		for (int i = 0; i < 150; i++) {
			TimeUnit.MILLISECONDS.sleep(2);
			open.remove(0).answer(invited(), "{}");
			call("find", "n" + i);
			open.add(next());
		}

		for (int i = 0; i < 10; i++) {
			call("find", "more" + i);
			assertThat(next().body()).isEqualTo("{\"call\":\"more" + i + "\"}");
		}
	}

	@Test
	void eachCallSaysWhatTimeIsLeftWhenItIsSent() throws Exception {
		List<Exchange> first = fill("find");
		call("find", "a", context(Duration.ofSeconds(30)));
		call("find", "b", context(Duration.ofSeconds(60)));

		first.get(0).answer(invited(), "{}");

		Matcher times = Pattern.compile("Rpc-Timeout-Ms\":\"([0-9]+)\"").matcher(next().body());
		assertThat(times.find()).isTrue();
		assertThat(Integer.parseInt(times.group(1))).isBetween(20_000, 30_000);
		assertThat(times.find()).isTrue();
		assertThat(Integer.parseInt(times.group(1))).isBetween(50_000, 60_000);
	}

	@Test
	void callsLeaveAloneWhenTheTimerIsClosed() throws Exception {
		fill("find");
		this.timer.close();

		call("find", "a");

		assertThat(next().body()).isEqualTo("{\"call\":\"a\"}");
	}

	@Test
	void aCallerWhoWaitsIsAnsweredOnItsOwnThread() throws Exception {
		List<Exchange> first = fill("find");
		CompletableFuture<Thread> answeredOn = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			CallContext blocking = new CallContext(Deadline.after(Duration.ofSeconds(9), NanoClock.SYSTEM), true,
					Runnable::run);
			CompletableFuture<Answer> call = this.transport.exchange(message("a"), method("find"), blocking);
			call.whenComplete((answer, failure) -> answeredOn.complete(Thread.currentThread()));
		});
		caller.start();
		await().atMost(SOON).until(() -> caller.getState() == Thread.State.TIMED_WAITING);

		first.get(0).answer(invited(), "{}");
		next().answer(invited(), "{\"answer\":\"a\"}");

		assertThat(answeredOn.get(10, TimeUnit.SECONDS)).isSameAs(caller);
	}

	@Test
	void aCallerWhoIsInterruptedLeavesAlone() throws Exception {
		List<Exchange> first = fill("find");
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		CallContext blocking = new CallContext(Deadline.after(Duration.ofSeconds(9), NanoClock.SYSTEM), true,
				Runnable::run);
		Thread caller = new Thread(() -> {
			Throwable thrown = catchThrowable(
					() -> this.transport.exchange(message("a"), method("find"), blocking).join());
			failure.complete(Thread.currentThread().isInterrupted() ? thrown : new AssertionError("no interrupt"));
		});
		caller.start();
		await().atMost(SOON).until(() -> caller.getState() == Thread.State.TIMED_WAITING);
		first.get(0).answer(invited(), "{}");
		Exchange carried = next();

		caller.interrupt();

		assertThat(failure.get(10, TimeUnit.SECONDS)).satisfiesAnyOf(
				(ex) -> assertThat(ex).isInstanceOf(CancellationException.class),
				(ex) -> assertThat(ex).hasCauseInstanceOf(CancellationException.class));
		assertThat(blocking.isCancelled()).isTrue();
		assertThat(carried.context.isCancelled()).isTrue();
	}

	@Test
	void largeRequestsTravelAlone() throws Exception {
		fill("find");
		Message large = new Message(INSTANCE, headers("a"), new byte[10_000], TestRequests.TRANSPORT, "call a");

		this.transport.exchange(large, method("find"), context(Duration.ofSeconds(5)));

		assertThat(next().message).isSameAs(large);
	}

	/** The failure of the first, which is the one that counts. */
	private RpcException failureOfEach(RpcException failure) throws Exception {
		List<CompletableFuture<Answer>> calls = together();

		next().answer.completeExceptionally(failure);

		Throwable a = catchThrowable(() -> calls.get(0).get(10, TimeUnit.SECONDS)).getCause();
		Throwable b = catchThrowable(() -> calls.get(1).get(10, TimeUnit.SECONDS)).getCause();
		assertThat(a).isNotSameAs(b).isInstanceOf(failure.getClass());
		assertThat(b).isInstanceOf(failure.getClass());
		assertThat(Failures.isCountedElsewhere(a, this)).isFalse();
		assertThat(Failures.isCountedElsewhere(b, this)).isTrue();
		return (RpcException) a;
	}

	/** Two calls on their way in one exchange, which is next. */
	private List<CompletableFuture<Answer>> together() throws Exception {
		List<Exchange> first = fill("find");
		List<CompletableFuture<Answer>> calls = List.of(call("find", "a"), call("find", "b"));
		first.get(0).answer(invited(), "{}");
		return calls;
	}

	private List<Exchange> fill(String method) throws Exception {
		return fill(method, "100");
	}

	/** As many exchanges under way as there shall be at a time. */
	private List<Exchange> fill(String method, String most) throws Exception {
		CompletableFuture<Answer> known = call(method, "known");
		next().answer(RpcHeaders.of("Content-Type", "application/json", "Rpc-Max-Coalesced", most), "{}");
		known.get(10, TimeUnit.SECONDS);
		this.filling.add(call(method, "x"));
		this.filling.add(call(method, "y"));
		return List.of(next(), next());
	}

	private Exchange next() throws InterruptedException {
		Exchange exchange = this.exchanges.poll(10, TimeUnit.SECONDS);
		assertThat(exchange).as("the next exchange").isNotNull();
		return exchange;
	}

	private CompletableFuture<Answer> call(String method) {
		return call(method, method);
	}

	private CompletableFuture<Answer> call(String method, String name, String... more) {
		return call(method, name, context(Duration.ofSeconds(5)), more);
	}

	private CompletableFuture<Answer> call(String method, String name, CallContext context, String... more) {
		Message message = message(name);
		if (more.length > 0) {
			message = new Message(message.uri(), message.headers().with(more[0], more[1]), message.body(),
					message.settings(), message.description());
		}
		return this.transport.exchange(message, method(method), context);
	}

	private static ContractMethod method(String name) {
		return Contract.of(Things.class).method(name);
	}

	private static Message message(String name) {
		return new Message(INSTANCE, headers(name), ("{\"call\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8),
				TestRequests.TRANSPORT, "call " + name);
	}

	private static RpcHeaders headers(String name) {
		return RpcHeaders.of("X-Tenant", "acme", "Rpc-Timeout-Ms", "5000", "Rpc-Method", "find", "Rpc-Call-Id",
				"id-" + name);
	}

	private static CallContext context(Duration timeout) {
		return new CallContext(Deadline.after(timeout, NanoClock.SYSTEM), false, Runnable::run);
	}

	private static RpcHeaders json() {
		return RpcHeaders.of("Content-Type", "application/json");
	}

	private static RpcHeaders invited() {
		return json().with("Rpc-Max-Coalesced", "100");
	}

	private static String text(CompletableFuture<Answer> call) throws Exception {
		return new String(call.get(10, TimeUnit.SECONDS).body(), StandardCharsets.UTF_8);
	}

	private CompletableFuture<Answer> exchange(Message message, CallContext context) {
		Exchange exchange = new Exchange(message, context, new CompletableFuture<>());
		context.onEnd(() -> exchange.answer.completeExceptionally(new CompletionException("ended", null)));
		this.exchanges.add(exchange);
		if (context.isBlocking()) {
			exchange.answer.handle((answer, failure) -> null).join();
		}
		return exchange.answer;
	}

	interface Things {

		@RpcMethod(idempotency = Idempotency.SAFE)
		String find();

		@RpcMethod(idempotency = Idempotency.SAFE)
		String slow();

		String change();

	}

	private record Exchange(Message message, CallContext context, CompletableFuture<Answer> answer) {

		String coalesced() {
			return this.message.headers().first("Rpc-Coalesced");
		}

		String body() {
			return new String(this.message.body(), StandardCharsets.UTF_8);
		}

		void answer(RpcHeaders headers, String body) {
			answer(200, headers, body);
		}

		void answer(int status, RpcHeaders headers, String body) {
			this.answer.complete(new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8)));
		}

	}

}
