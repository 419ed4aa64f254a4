package dev.rpcboot.server;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.LedgerApplication.Gate;
import dev.rpcboot.server.LedgerApplication.LedgerBean;
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
 * Keyed calls to two instances that share a database, on both web stacks alike.
 */
@ParameterizedClass
@EnumSource(Stack.class)
@Timeout(60)
class JdbcKeyedCallTests {

	private static DatabaseServer database;

	private static RunningServer impatient;

	private static RunningServer patient;

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final String account = UUID.randomUUID().toString();

	@Parameter
	Stack stack;

	@BeforeParameterizedClassInvocation
	static void start(Stack stack) throws SQLException {
		database = new DatabaseServer();
		impatient = open(stack, "rpc.server.idempotency.max-wait=50ms");
		patient = open(stack, "rpc.server.idempotency.max-wait=15s", "spring.datasource.hikari.maximum-pool-size=4",
				"rpc.server.max-answer-size=10KB");
	}

	@AfterParameterizedClassInvocation
	static void stop() throws SQLException {
		impatient.close();
		patient.close();
		database.close();
	}

	private static RunningServer open(Stack stack, String... properties) {
		return RunningServer.open(stack, LedgerApplication.class, database.properties(properties));
	}

	@BeforeEach
	void closeGates() {
		for (RunningServer server : List.of(impatient, patient)) {
			server.bean(Gate.class).entered.drainPermits();
			server.bean(Gate.class).open.drainPermits();
		}
	}

	@AfterEach
	void shutDown() {
		this.callers.shutdownNow();
	}

	@Test
	void answersARepeatWithTheSameResultWhereverItArrives() {
		String key = Keys.fresh();

		RawHttp.Answer first = call(impatient, key, "post", "7");
		RawHttp.Answer here = call(impatient, key, "post", "7");
		RawHttp.Answer there = call(patient, key, "post", "7");

		assertThat(List.of(first, here, there))
			.allSatisfy((answer) -> assertThat(answer.text()).contains("\"result\":\"" + this.account + " 7\""));
		assertThat(first.header("Rpc-Replayed")).isNull();
		assertThat(here.header("Rpc-Replayed")).isEqualTo("true");
		assertThat(there.header("Rpc-Replayed")).isEqualTo("true");
		assertThat(postings()).isOne();
	}

	@Test
	void answersARepeatUnderItsOwnId() {
		String key = Keys.fresh();
		call(impatient, key, "post", "7");

		RawHttp.Answer repeat = impatient.call("Ledger",
				Keys.request("post", "\"" + this.account + "\",7").replace("\"id\":1", "\"id\":\"two\""),
				"Idempotency-Key", key);

		assertThat(repeat.text()).contains("\"id\":\"two\"").contains("\"result\":\"" + this.account + " 7\"");
	}

	@Test
	void answersARepeatAfterARestart() {
		String key = Keys.fresh();
		try (RunningServer before = open(this.stack)) {
			call(before, key, "post", "7");
		}

		RawHttp.Answer repeat;
		try (RunningServer after = open(this.stack)) {
			repeat = call(after, key, "post", "7");
		}

		assertThat(repeat.text()).contains("\"result\":\"" + this.account + " 7\"");
		assertThat(repeat.header("Rpc-Replayed")).isEqualTo("true");
		assertThat(postings()).isOne();
	}

	@Test
	void runsOnceWhenManyRepeatsArriveAtTwoInstancesAtOnce() {
		String key = Keys.fresh();
		List<CompletableFuture<String>> results = new ArrayList<>();

		for (int i = 0; i < 50; i++) {
			RunningServer one = (i % 2 == 0) ? impatient : patient;
			RunningServer other = (i % 2 == 0) ? patient : impatient;
			results.add(CompletableFuture.supplyAsync(() -> {
				RawHttp.Answer answer = call(one, key, "post", "7");
				for (int attempt = 0; attempt < 100 && answer.status() == 409; attempt++) {
					answer = call(other, key, "post", "7");
				}
				return answer.text();
			}, this.callers));
		}

		assertThat(results).allSatisfy(
				(result) -> assertThat(result.get(30, TimeUnit.SECONDS)).contains("\"result\":\"" + this.account));
		assertThat(postings()).isOne();
	}

	@Test
	void refusesARepeatWhileTheFirstRunsOnTheSameInstance() throws Exception {
		assertRefusedWhileRunning(impatient);
	}

	@Test
	void refusesARepeatWhileTheFirstRunsOnAnotherInstance() throws Exception {
		assertRefusedWhileRunning(patient);
	}

	private void assertRefusedWhileRunning(RunningServer running) throws Exception {
		String key = Keys.fresh();
		CompletableFuture<RawHttp.Answer> first = start(running, key);

		RawHttp.Answer repeat = call(impatient, key, "postSlowly");
		running.bean(Gate.class).open.release();

		assertThat(repeat.status()).isEqualTo(409);
		assertThat(repeat.header("Rpc-Status")).isEqualTo("ABORTED");
		assertThat(repeat.header("Retry-After")).isEqualTo("1");
		assertThat(repeat.text()).contains("-32010").contains("\"executed\":\"unknown\"").contains("\"retryAfterMs\":");
		assertThat(first.get(20, TimeUnit.SECONDS).text()).contains("\"result\":\"" + this.account + "\"");
		assertThat(postings()).isOne();
	}

	@Test
	void waitsForTheFirstOnTheSameInstance() throws Exception {
		assertWaits(patient);
	}

	@Test
	void waitsForTheFirstOnAnotherInstance() throws Exception {
		assertWaits(impatient);
	}

	private void assertWaits(RunningServer running) throws Exception {
		String key = Keys.fresh();
		CompletableFuture<RawHttp.Answer> first = start(running, key);
		CompletableFuture<RawHttp.Answer> repeat = CompletableFuture.supplyAsync(() -> call(patient, key, "postSlowly"),
				this.callers);

		running.bean(Gate.class).open.release();

		assertThat(repeat.get(20, TimeUnit.SECONDS).text()).contains("\"result\":\"" + this.account + "\"");
		assertThat(repeat.join().header("Rpc-Replayed")).isEqualTo("true");
		assertThat(first.get(20, TimeUnit.SECONDS).header("Rpc-Replayed")).isNull();
		assertThat(postings()).isOne();
	}

	@Test
	void refusesAKeyThatCameWithOtherArguments() {
		String key = Keys.fresh();
		call(impatient, key, "post", "7");

		RawHttp.Answer other = call(patient, key, "post", "8");

		assertThat(other.status()).isEqualTo(422);
		assertThat(other.header("Rpc-Status")).isEqualTo("FAILED_PRECONDITION");
		assertThat(other.text()).contains("-32009").contains("\"executed\":\"no\"");
		assertThat(postings()).isOne();
	}

	@Test
	void keepsTheKeysOfCallersAndMethodsApart() {
		String key = Keys.fresh();

		List<RawHttp.Answer> answers = List.of(call(impatient, key, "post", "7"), as("joe", key), as("jane", key),
				as("", key), call(impatient, key, "statement", "7"));

		assertThat(answers).allSatisfy((answer) -> {
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.header("Rpc-Replayed")).isNull();
		});
		assertThat(postings()).isEqualTo(5);
	}

	private RawHttp.Answer as(String user, String key) {
		return impatient.call("Ledger", Keys.request("post", "\"" + this.account + "\",7"), "Idempotency-Key", key,
				LedgerApplication.USER, user);
	}

	@Test
	void runsAgainWhenTheOutcomeHasExpired() throws SQLException {
		String key = Keys.fresh();
		call(impatient, key, "post", "7");
		database.execute("UPDATE rpc_idempotency SET expires_at = 1");

		RawHttp.Answer again = call(impatient, key, "post", "7");
		RawHttp.Answer repeat = call(patient, key, "post", "7");

		assertThat(again.header("Rpc-Replayed")).isNull();
		assertThat(repeat.header("Rpc-Replayed")).isEqualTo("true");
		assertThat(postings()).isEqualTo(2);
	}

	@Test
	void keepsAnExceptionThatUndoesWhatWasWritten() {
		String key = Keys.fresh();

		RawHttp.Answer first = call(impatient, key, "postAndRefuse");
		RawHttp.Answer repeat = call(patient, key, "postAndRefuse");

		assertThat(repeat.text()).isEqualTo(first.text())
			.contains("\"type\":\"ClosedException\"")
			.contains("\"attributes\":{\"account\":\"" + this.account + "\"}")
			.contains("\"executed\":\"yes\"");
		assertThat(repeat.header("Rpc-Status")).isEqualTo("APPLICATION");
		assertThat(repeat.header("Rpc-Replayed")).isEqualTo("true");
		assertThat(patient.bean(Gate.class).entered.availablePermits()).isZero();
		assertThat(postings()).isZero();
	}

	@Test
	void keepsAnExceptionThatLeavesWhatWasWritten() {
		String key = Keys.fresh();

		RawHttp.Answer first = call(impatient, key, "postAndWarn");
		RawHttp.Answer repeat = call(patient, key, "postAndWarn");

		assertThat(repeat.text()).isEqualTo(first.text()).contains("\"type\":\"BlockedException\"");
		assertThat(postings()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "postAndBreak", "postSwallowing" })
	void leavesNeitherEffectNorKeyOfAMethodThatFailsOtherwise(String method) throws SQLException {
		String key = Keys.fresh();
		database.execute("DELETE FROM rpc_idempotency");

		RawHttp.Answer first = call(impatient, key, method);
		RawHttp.Answer repeat = call(impatient, key, method);

		assertThat(List.of(first, repeat)).allSatisfy((answer) -> assertThat(answer.status()).isEqualTo(500));
		assertThat(impatient.bean(Gate.class).entered.availablePermits()).isEqualTo(2);
		assertThat(postings()).isZero();
		assertThat(database.execute("DELETE FROM rpc_idempotency")).isZero();
	}

	@Test
	void doesNotRunAgainWhatGaveAnAnswerThatIsTooLarge() {
		String key = Keys.fresh();

		RawHttp.Answer first = call(patient, key, "statement", "20000");
		RawHttp.Answer repeat = call(patient, key, "statement", "20000");

		assertThat(List.of(first, repeat)).allSatisfy((answer) -> {
			assertThat(answer.header("Rpc-Status")).isEqualTo("PAYLOAD_TOO_LARGE");
			assertThat(answer.text()).contains("\"executed\":\"yes\"");
		});
		assertThat(postings()).isOne();
	}

	@Test
	void doesNotRunAgainWhatGaveAnAnswerThatCannotBeEncoded() {
		String key = Keys.fresh();

		RawHttp.Answer first = call(patient, key, "postUnreadably");
		RawHttp.Answer repeat = call(patient, key, "postUnreadably");

		assertThat(first.header("Rpc-Status")).isEqualTo("INTERNAL");
		assertThat(first.text()).contains("\"executed\":\"yes\"");
		assertThat(repeat.text()).isEqualTo(first.text());
		assertThat(repeat.header("Rpc-Replayed")).isEqualTo("true");
		assertThat(postings()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"fifteen-letters\"", "sixteen-letters-unquoted", "\"sixteen letters!\"",
			"\"sixteen\\letters!\"", "\"sixteen-letters!\";a=1", "\"sixteen\"letters!\"" })
	void refusesAKeyThatIsMalformed(String key) {
		assertMalformed(call(impatient, key, "post", "7"));
	}

	@Test
	void refusesAKeyThatIsTooLong() {
		assertMalformed(call(impatient, "\"" + "x".repeat(65) + "\"", "post", "7"));
	}

	@Test
	void refusesACallWithoutKey() {
		assertMalformed(impatient.call("Ledger", Keys.request("post", "\"" + this.account + "\",7")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"sixteen-letters!\"", "\"quo\\\"tes-and-back\\\\slashes\"" })
	void takesKeysOfVisibleCharacters(String key) {
		RawHttp.Answer answer = call(impatient, key, "post", "7");

		assertThat(answer.status()).isIn(200, 422);
	}

	private void assertMalformed(RawHttp.Answer answer) {
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.header("Rpc-Status")).isEqualTo("INVALID_REQUEST");
		assertThat(answer.text()).contains("-32600")
			.contains("\"executed\":\"no\"")
			.contains("\"path\":\"Idempotency-Key\"");
		assertThat(postings()).isZero();
	}

	@Test
	void ignoresTheKeyOfAMethodThatIsNotKeyed() {
		RawHttp.Answer answer = call(impatient, "malformed", "count");

		assertThat(answer.text()).contains("\"result\":0");
	}

	@Test
	void refusesKeyedEntriesOfABatch() {
		String batch = "[" + Keys.request("post", "\"" + this.account + "\",7") + ","
				+ Keys.request("count", "\"" + this.account + "\"") + "]";

		RawHttp.Answer answer = impatient.call("Ledger", batch, "Idempotency-Key", Keys.fresh());

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).contains("-32600").contains("\"result\":0");
		assertThat(postings()).isZero();
	}

	@Test
	void runsANotificationOnce() {
		String key = Keys.fresh();
		String notification = Keys.request("post", "\"" + this.account + "\",7").replace(",\"id\":1", "");

		RawHttp.Answer first = impatient.call("Ledger", notification, "Idempotency-Key", key);
		RawHttp.Answer repeat = patient.call("Ledger", notification, "Idempotency-Key", key);

		assertThat(List.of(first, repeat)).allSatisfy((answer) -> assertThat(answer.status()).isEqualTo(204));
		assertThat(postings()).isOne();
	}

	/**
	 * Starts a call, and returns when its method is entered.
	 */
	private CompletableFuture<RawHttp.Answer> start(RunningServer server, String key) throws InterruptedException {
		CompletableFuture<RawHttp.Answer> answer = CompletableFuture.supplyAsync(() -> call(server, key, "postSlowly"),
				this.callers);
		assertThat(server.bean(Gate.class).entered.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
		return answer;
	}

	private RawHttp.Answer call(RunningServer server, String key, String method, String... more) {
		List<String> params = new ArrayList<>(List.of("\"" + this.account + "\""));
		params.addAll(List.of(more));
		return server.call("Ledger", Keys.request(method, String.join(",", params)), "Idempotency-Key", key);
	}

	private int postings() {
		return impatient.bean(LedgerBean.class).count(this.account);
	}

}
