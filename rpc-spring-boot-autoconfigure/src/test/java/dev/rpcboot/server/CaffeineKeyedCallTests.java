package dev.rpcboot.server;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.AsyncLedgerApplication.AsyncLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keyed calls whose methods end later, to the only instance, on both web stacks alike.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(60)
class CaffeineKeyedCallTests {

	private static RunningServer server;

	private static AsyncLedger ledger;

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final String account = UUID.randomUUID().toString();

	private final String key = Keys.fresh();

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) {
		server = RunningServer.open(stack, AsyncLedgerApplication.class, "rpc.server.idempotency.store=caffeine",
				"rpc.server.idempotency.max-wait=15s", "rpc.server.idempotency.max-running=2");
		ledger = server.bean(AsyncLedger.class);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void forget() {
		ledger.posting.clear();
		ledger.entered.drainPermits();
	}

	@AfterEach
	void shutDown() {
		ledger.posting.forEach((posting) -> posting.complete("over"));
		this.callers.shutdownNow();
	}

	@ParameterizedTest
	@ValueSource(strings = { "post", "postReactively" })
	void answersARepeatWithTheSameResult(String method) throws Exception {
		CompletableFuture<RawHttp.Answer> first = begin(method, this.key);
		ledger.posting.element().complete("posted");
		first.get(20, TimeUnit.SECONDS);

		RawHttp.Answer repeat = call(method, this.key);

		assertThat(repeat.text()).isEqualTo(first.join().text()).contains("\"result\":\"posted\"");
		assertThat(repeat.header("Rpc-Replayed")).isEqualTo("true");
		assertThat(ledger.posting).hasSize(1);
	}

	@Test
	void answersARepeatWithTheSameException() throws Exception {
		CompletableFuture<RawHttp.Answer> first = begin("refuse", this.key);
		ledger.posting.element().completeExceptionally(new Ledger.ClosedException("Closed", "A"));
		first.get(20, TimeUnit.SECONDS);

		RawHttp.Answer repeat = call("refuse", this.key);

		assertThat(repeat.text()).isEqualTo(first.join().text())
			.contains("\"type\":\"ClosedException\"")
			.contains("\"attributes\":{\"account\":\"A\"}");
		assertThat(ledger.posting).hasSize(1);
	}

	@Test
	void doesNotRunAgainWhatGaveAnAnswerThatCannotBeEncoded() throws Exception {
		CompletableFuture<RawHttp.Answer> first = begin("postUnreadably", this.key);
		ledger.posting.element().complete("posted");
		first.get(20, TimeUnit.SECONDS);

		CompletableFuture<RawHttp.Answer> repeat = CompletableFuture.supplyAsync(() -> call("postUnreadably", this.key),
				this.callers);

		assertThat(repeat.get(20, TimeUnit.SECONDS).text()).isEqualTo(first.join().text())
			.contains("\"executed\":\"yes\"");
		assertThat(repeat.join().header("Rpc-Status")).isEqualTo("INTERNAL");
		assertThat(ledger.posting).hasSize(1);
	}

	@Test
	void runsAgainWhatFailedOtherwise() throws Exception {
		CompletableFuture<RawHttp.Answer> first = begin("post", this.key);
		ledger.posting.element().completeExceptionally(new IllegalStateException("Broken"));
		first.get(20, TimeUnit.SECONDS);

		begin("post", this.key);

		assertThat(first.join().status()).isEqualTo(500);
		assertThat(ledger.posting).hasSize(2);
	}

	@Test
	void aRepeatThatComesMeanwhileRunsNothing() throws Exception {
		CompletableFuture<RawHttp.Answer> first = begin("post", this.key);
		CompletableFuture<RawHttp.Answer> repeat = CompletableFuture.supplyAsync(() -> call("post", this.key),
				this.callers);

		ledger.posting.element().complete("posted");

		assertThat(repeat.get(20, TimeUnit.SECONDS).text()).isEqualTo(first.get(20, TimeUnit.SECONDS).text());
		assertThat(ledger.posting).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "post", "postReactively" })
	void keepsTheOutcomeForACallerWhoComesBackAfterItsDeadline(String method) throws Exception {
		RawHttp.Answer late = call(method, this.key, "Rpc-Timeout-Ms", "200");
		assertThat(ledger.entered.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
		ledger.posting.element().complete("posted");

		RawHttp.Answer repeat = call(method, this.key);

		assertThat(late.status()).isEqualTo(504);
		assertThat(repeat.text()).contains("\"result\":\"posted\"");
		assertThat(ledger.posting).hasSize(1);
	}

	@Test
	void refusesMoreKeysThanMayRun() throws Exception {
		CompletableFuture<RawHttp.Answer> first = begin("post", Keys.fresh());
		CompletableFuture<RawHttp.Answer> second = begin("post", Keys.fresh());

		RawHttp.Answer third = call("post", this.key);

		assertThat(third.status()).isEqualTo(503);
		assertThat(third.header("Rpc-Status")).isEqualTo("OVERLOADED");
		assertThat(third.text()).contains("\"executed\":\"no\"");
		ledger.posting.forEach((posting) -> posting.complete("posted"));
		CompletableFuture.allOf(first, second).get(20, TimeUnit.SECONDS);
		assertThat(begin("post", this.key)).isNotNull();
	}

	/**
	 * Starts a call, and returns when its method is entered.
	 */
	private CompletableFuture<RawHttp.Answer> begin(String method, String key) throws InterruptedException {
		CompletableFuture<RawHttp.Answer> answer = CompletableFuture.supplyAsync(() -> call(method, key), this.callers);
		assertThat(ledger.entered.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
		return answer;
	}

	private RawHttp.Answer call(String method, String key, String... headers) {
		String[] all = new String[headers.length + 2];
		all[0] = "Idempotency-Key";
		all[1] = key;
		System.arraycopy(headers, 0, all, 2, headers.length);
		return server.call("Async", Keys.request(method, "\"" + this.account + "\""), all);
	}

}
