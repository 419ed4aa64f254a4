package dev.rpcboot.server.idempotency;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.server.idempotency.KeyedAnswer.Answered;
import dev.rpcboot.server.idempotency.KeyedAnswer.Refused;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(30)
class JdbcIdempotencyStoreTests {

	private static final StoredOutcome RESULT = new StoredOutcome(StoredOutcome.Kind.RESULT, "\"Ü\"".getBytes());

	private static final StoredOutcome ERROR = new StoredOutcome(StoredOutcome.Kind.ERROR, "{}".getBytes());

	private final DataSource database = database();

	private final JdbcTransactionManager transactions = new JdbcTransactionManager(this.database);

	private final TransactionTemplate joining = new TransactionTemplate(this.transactions);

	private final JdbcTemplate jdbc = new JdbcTemplate(this.database);

	private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

	private final JdbcIdempotencyStore store = store(this.database);

	@BeforeEach
	void createTables() {
		for (int i = 0; i < 2; i++) {
			new ResourceDatabasePopulator(new ClassPathResource("schema-h2.sql", JdbcIdempotencyStore.class))
				.execute(this.database);
		}
		this.jdbc.execute("CREATE TABLE effect (name VARCHAR(100) PRIMARY KEY)");
	}

	@Test
	void keepsAnOutcomeUntilItExpires() {
		String id = id();
		run(id, () -> RESULT);

		pass(Duration.ofHours(1).minusMillis(1));
		KeyedAnswer before = run(id, () -> ERROR);
		pass(Duration.ofMillis(1));
		KeyedAnswer after = run(id, () -> ERROR);

		assertThat(((Answered) before).replayed()).isTrue();
		assertThat(((Answered) before).outcome().json()).isEqualTo(RESULT.json());
		assertThat(((Answered) after).replayed()).isFalse();
		assertThat(((Answered) run(id, () -> RESULT)).outcome().kind()).isEqualTo(StoredOutcome.Kind.ERROR);
	}

	@Test
	void removesWhatHasExpiredAndNothingElse() {
		for (int i = 0; i < KeyTable.BATCH + 1; i++) {
			run(id(), () -> RESULT);
		}
		pass(Duration.ofMinutes(1));
		String young = id();
		run(young, () -> RESULT);
		pass(Duration.ofMinutes(59));

		int removed = this.store.deleteExpired();

		assertThat(removed).isEqualTo(KeyTable.BATCH + 1);
		assertThat(((Answered) run(young, () -> ERROR)).replayed()).isTrue();
		assertThat(keys()).isOne();
	}

	@Test
	void commitsEffectAndKeyInOneTransaction() {
		KeyedAnswer answer = run(id(), () -> {
			write("a");
			assertThat(inAnotherTransaction("SELECT COUNT(*) FROM effect")).isZero();
			return RESULT;
		});

		assertThat(((Answered) answer).replayed()).isFalse();
		assertThat(effects()).isOne();
		assertThat(keys()).isOne();
	}

	@Test
	void leavesNeitherWhenTheEffectFails() {
		assertThatIllegalStateException().isThrownBy(() -> run(id(), () -> {
			write("a");
			throw new IllegalStateException("broken");
		})).withMessage("broken");

		assertThat(effects()).isZero();
		assertThat(keys()).isZero();
	}

	@Test
	void leavesNeitherWhenTheEffectHidesThatItsTransactionIsLost() {
		assertThatThrownBy(() -> run(id(), () -> {
			write("a");
			this.joining.executeWithoutResult((status) -> status.setRollbackOnly());
			return RESULT;
		})).isInstanceOf(UnexpectedRollbackException.class);

		assertThat(effects()).isZero();
		assertThat(keys()).isZero();
	}

	@Test
	void keepsAnErrorWhoseEffectIsUndone() {
		String id = id();

		KeyedAnswer first = run(id, () -> {
			write("a");
			this.joining.executeWithoutResult((status) -> status.setRollbackOnly());
			return ERROR;
		});
		KeyedAnswer repeat = run(id, () -> RESULT);

		assertThat(first).isEqualTo(new Answered(ERROR, false));
		assertThat(((Answered) repeat).replayed()).isTrue();
		assertThat(effects()).isZero();
	}

	@Test
	void answersAsTheCallThatWasFasterAfterItsEffectWasUndone() {
		String id = id();
		JdbcIdempotencyStore other = store(this.database);

		KeyedAnswer first = run(id, () -> {
			this.joining.executeWithoutResult((status) -> status.setRollbackOnly());
			return ERROR;
		}, () -> run(other, id, () -> RESULT));

		assertThat(((Answered) first).outcome().kind()).isEqualTo(StoredOutcome.Kind.RESULT);
	}

	@Test
	void doesNotTakeAnEffectsOwnDuplicateForItsKey() {
		run(id(), () -> write("a"));
		AtomicInteger runs = new AtomicInteger();

		assertThatThrownBy(() -> run(id(), () -> {
			runs.incrementAndGet();
			return write("a");
		})).hasMessageContaining("EFFECT");

		assertThat(runs).hasValue(1);
	}

	@Test
	void waitsNoLongerThanItMayForAnotherInstance() throws Exception {
		String id = id();
		ExecutorService thread = Executors.newSingleThreadExecutor();
		CyclicBarrier running = new CyclicBarrier(2);
		CompletableFuture<KeyedAnswer> first = CompletableFuture.supplyAsync(() -> run(id, () -> {
			await(running);
			await(running);
			return RESULT;
		}), thread);
		await(running);

		KeyedAnswer second = run(id, () -> {
			throw new AssertionError("ran twice");
		});
		await(running);

		assertThat(second).isEqualTo(Refused.IN_PROGRESS);
		assertThat(((Answered) first.get(10, TimeUnit.SECONDS)).replayed()).isFalse();
		thread.shutdownNow();
	}

	@Test
	void leavesTheTimeoutsOfTheEffectAlone() {
		run(id(), () -> {
			this.jdbc.execute((Connection connection) -> {
				try (Statement statement = connection.createStatement()) {
					assertThat(statement.getQueryTimeout()).isZero();
				}
				return null;
			});
			return RESULT;
		});
	}

	@Test
	void refusesToRunWhereKeyAndEffectCannotBeCommittedTogether() {
		JdbcIdempotencyStore elsewhere = store(database());

		assertThatIllegalStateException().isThrownBy(() -> run(elsewhere, id(), () -> RESULT))
			.withMessageContaining("transaction manager");
	}

	private JdbcIdempotencyStore store(DataSource keys) {
		InstantSource clock = this.now::get;
		return new JdbcIdempotencyStore(keys, this.transactions, Duration.ofHours(1), Duration.ofMillis(100), clock);
	}

	private static DataSource database() {
		JdbcDataSource database = new JdbcDataSource();
		database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return database;
	}

	private void pass(Duration time) {
		this.now.updateAndGet((instant) -> instant.plus(time));
	}

	private KeyedAnswer run(String id, Supplier<StoredOutcome> effect) {
		return run(this.store, id, effect);
	}

	private static KeyedAnswer run(JdbcIdempotencyStore store, String id, Supplier<StoredOutcome> effect) {
		Supplier<CompletionStage<StoredOutcome>> stage = () -> CompletableFuture.completedStage(effect.get());
		return store
			.run(new KeyedCall(id, "0".repeat(64), Deadline.after(Duration.ofMinutes(1), NanoClock.SYSTEM)), stage)
			.toCompletableFuture()
			.join();
	}

	/**
	 * Runs an effect, and something else as soon as its transaction is over.
	 */
	private KeyedAnswer run(String id, Supplier<StoredOutcome> effect, Runnable afterwards) {
		return run(id, () -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCompletion(int status) {
					CompletableFuture.runAsync(afterwards).join();
				}

			});
			return effect.get();
		});
	}

	private StoredOutcome write(String name) {
		this.jdbc.update("INSERT INTO effect (name) VALUES (?)", name);
		return RESULT;
	}

	private int effects() {
		return this.jdbc.queryForObject("SELECT COUNT(*) FROM effect", Integer.class);
	}

	private int keys() {
		return this.jdbc.queryForObject("SELECT COUNT(*) FROM rpc_idempotency", Integer.class);
	}

	private int inAnotherTransaction(String sql) {
		return CompletableFuture.supplyAsync(() -> this.jdbc.queryForObject(sql, Integer.class)).join();
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String id() {
		return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
	}

}
