package dev.rpcboot.server.idempotency;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.ContractMethod.ReturnKind;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.server.idempotency.KeyedAnswer.Answered;
import dev.rpcboot.server.idempotency.KeyedAnswer.Refused;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps outcomes in a table of the database that the keyed methods write to: a method's
 * key, what it writes and what it answers are committed in one transaction, or none of
 * them is. So it runs once, whatever fails, and however many instances share the
 * database.
 * <p>
 * The method joins the transaction, as any {@code @Transactional} method does; what it
 * writes elsewhere, or in a transaction of its own, is not covered. Whether a declared
 * exception undoes what was written is the application's choice: {@code @Transactional}
 * undoes it for a {@link RuntimeException}. The exception is kept for repeats either way.
 * Any other failure undoes everything, and a repeat runs the method again. The call holds
 * a connection while it runs. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class JdbcIdempotencyStore implements IdempotencyStore {

	private static final int ATTEMPTS = 3;

	private final DataSource dataSource;

	private final PlatformTransactionManager transactions;

	private final TransactionTemplate transaction;

	private final KeyTable table;

	private final Duration ttl;

	private final Duration wait;

	private final InstantSource clock;

	/**
	 * Creates one.
	 * @param dataSource the database of the keyed methods, in which there is the table
	 * @param transactions the transactions of the keyed methods
	 * @param ttl how long an outcome is kept
	 * @param wait how long to wait for another instance that is running the same key, in
	 * whole seconds, rounded up
	 * @param clock tells when an outcome expires; the clocks of instances should agree
	 * within a small part of that time
	 */
	public JdbcIdempotencyStore(DataSource dataSource, PlatformTransactionManager transactions, Duration ttl,
			Duration wait, InstantSource clock) {
		this.dataSource = dataSource;
		this.transactions = transactions;
		this.transaction = new TransactionTemplate(transactions);
		// whatever surrounds the call, the key must be committed before it is answered
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.table = new KeyTable(dataSource);
		this.ttl = ttl;
		this.wait = wait;
		this.clock = clock;
	}

	@Override
	public void check(ContractMethod method) {
		if (method.returnKind() != ReturnKind.VALUE) {
			throw new RpcConfigurationException(
					method.fullName() + " is keyed and returns a " + method.method().getReturnType().getSimpleName()
							+ ": it would go on outside of the transaction in which its idempotency key is kept.",
					"Let it return its result itself, or keep keys with rpc.server.idempotency.store=caffeine.");
		}
	}

	@Override
	public CompletionStage<KeyedAnswer> run(KeyedCall call, Supplier<CompletionStage<StoredOutcome>> effect) {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			Run run = inTransaction((status) -> run(call, effect, status));
			if (run.undone() != null) {
				return CompletableFuture.completedStage(keep(call, run.undone()));
			}
			KeyedAnswer answer = (run.answer() != null) ? run.answer() : known(call);
			if (answer != null) {
				return CompletableFuture.completedStage(answer);
			}
			// the other call was undone, or its outcome has expired: the key is free
		}
		return CompletableFuture.completedStage(Refused.IN_PROGRESS);
	}

	/**
	 * Takes the key and runs the method, all in one transaction.
	 */
	private Run run(KeyedCall call, Supplier<CompletionStage<StoredOutcome>> effect, TransactionStatus status) {
		switch (this.table.take(call, expiry(), wait(call))) {
			case TAKEN -> {
				status.setRollbackOnly();
				return Run.WITHOUT_OUTCOME;
			}
			case WAITED -> {
				status.setRollbackOnly();
				return new Run(Refused.IN_PROGRESS, null);
			}
			case FREE -> {
				// the method may run
			}
		}
		StoredOutcome outcome = outcome(effect);
		if (outcome.kind() == StoredOutcome.Kind.ERROR && status.isRollbackOnly()) {
			// said of this transaction too, it is rolled back without a complaint
			status.setRollbackOnly();
			return new Run(null, outcome);
		}
		// of a result whose transaction is marked the commit fails: it is not true
		this.table.keep(call, outcome);
		return new Run(new Answered(outcome, false), null);
	}

	private static StoredOutcome outcome(Supplier<CompletionStage<StoredOutcome>> effect) {
		try {
			return effect.get().toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/**
	 * Keeps an outcome whose effect was undone. If another instance was faster, its
	 * outcome is that of both.
	 */
	private KeyedAnswer keep(KeyedCall call, StoredOutcome outcome) {
		boolean kept = inTransaction((status) -> {
			if (this.table.take(call, expiry(), wait(call)) == KeyTable.Taking.FREE) {
				this.table.keep(call, outcome);
				return true;
			}
			status.setRollbackOnly();
			return false;
		});
		KeyedAnswer known = kept ? null : known(call);
		return (known != null) ? known : new Answered(outcome, false);
	}

	private @Nullable KeyedAnswer known(KeyedCall call) {
		return inTransaction((status) -> known(call, this.table.find(call))).answer();
	}

	private Run known(KeyedCall call, KeyTable.@Nullable Row row) {
		if (row == null) {
			return Run.WITHOUT_OUTCOME;
		}
		if (!row.expiry().isAfter(this.clock.instant())) {
			this.table.delete(call, row);
			return Run.WITHOUT_OUTCOME;
		}
		if (!row.fingerprint().equals(call.fingerprint())) {
			return new Run(Refused.OTHER_CALL, null);
		}
		return new Run((row.outcome() != null) ? new Answered(row.outcome(), true) : Refused.IN_PROGRESS, null);
	}

	/**
	 * Removes outcomes that have expired, a few at a time.
	 * @return how many
	 */
	public int deleteExpired() {
		int all = 0;
		int some;
		do {
			some = inTransaction((status) -> this.table.deleteExpired(this.clock.instant()));
			all += some;
		}
		while (some == KeyTable.BATCH);
		return all;
	}

	private <T> T inTransaction(TransactionCallback<T> work) {
		return this.transaction.execute((status) -> {
			if (this.transactions instanceof ResourceTransactionManager
					&& !TransactionSynchronizationManager.hasResource(this.dataSource)) {
				throw new IllegalStateException("The transaction manager does not manage the DataSource in which"
						+ " idempotency keys are kept, so that keys and effects cannot be committed together");
			}
			return work.doInTransaction(status);
		});
	}

	private Instant expiry() {
		return this.clock.instant().plus(this.ttl);
	}

	private Duration wait(KeyedCall call) {
		Duration left = call.deadline().remaining();
		return (left.compareTo(this.wait) < 0) ? left : this.wait;
	}

	/**
	 * One try.
	 *
	 * @param answer the answer, or {@code null} if there is none, or it was undone
	 * @param undone the outcome of a method whose transaction is rolled back, so that it
	 * is not kept yet
	 */
	private record Run(@Nullable KeyedAnswer answer, @Nullable StoredOutcome undone) {

		static final Run WITHOUT_OUTCOME = new Run(null, null);

	}

}
