package dev.rpcboot.server.idempotency;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps outcomes in memory. <strong>Good for one instance only</strong>: another one
 * knows nothing of them and runs a repeat again, and so does this one after a restart. A
 * method that fails with something its contract does not declare runs again when it is
 * repeated, whatever it did before it failed. For anything else take
 * {@link JdbcIdempotencyStore}.
 * <p>
 * What is kept is bounded; when there is too much, the oldest outcomes are forgotten
 * first. Keys of calls that are running are never among them. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class CaffeineIdempotencyStore implements IdempotencyStore {

	/**
	 * What an entry takes beside its JSON: two texts of 64 characters and some objects.
	 */
	private static final int OVERHEAD = 400;

	private static final int BATCH = 16;

	private final Cache<String, Entry> entries;

	private final Policy.FixedExpiration<String, Entry> age;

	private final int maxEntries;

	private final long maxBytes;

	private final AtomicLong count = new AtomicLong();

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * Creates one.
	 * @param ttl how long an outcome is kept
	 * @param maxEntries how many outcomes are kept
	 * @param maxBytes how much memory they may take, about
	 * @param clock tells the time
	 */
	public CaffeineIdempotencyStore(Duration ttl, int maxEntries, long maxBytes, NanoClock clock) {
		this.maxEntries = maxEntries;
		this.maxBytes = maxBytes;
		// Caffeine's own bound would rather drop a new entry than an old one that is read
		// as seldom; but it is the new ones that are repeated
		this.entries = Caffeine.newBuilder()
			.expireAfterWrite(ttl)
			.ticker(clock::now)
			.executor(Runnable::run)
			.removalListener((@Nullable String id, @Nullable Entry entry, RemovalCause cause) -> forgotten(entry))
			.build();
		this.age = this.entries.policy().expireAfterWrite().orElseThrow();
	}

	@Override
	public CompletionStage<KeyedAnswer> run(KeyedCall call, Supplier<CompletionStage<StoredOutcome>> effect) {
		Entry known = this.entries.getIfPresent(call.id());
		if (known != null) {
			return CompletableFuture.completedStage(known.answer(call));
		}
		return effect.get().thenApply((outcome) -> {
			keep(call, outcome);
			return new KeyedAnswer.Answered(outcome, false);
		});
	}

	/**
	 * How many outcomes are kept.
	 */
	long size() {
		this.entries.cleanUp();
		return this.count.get();
	}

	private void keep(KeyedCall call, StoredOutcome outcome) {
		Entry entry = new Entry(call.fingerprint(), outcome);
		this.count.incrementAndGet();
		this.bytes.addAndGet(entry.size());
		this.entries.put(call.id(), entry);
		while (isTooMuch() && makeRoom(call.id())) {
			continue;
		}
	}

	private boolean isTooMuch() {
		return this.count.get() > this.maxEntries || this.bytes.get() > this.maxBytes;
	}

	/**
	 * Forgets some of the oldest.
	 * @param newest the one to keep, however large it is
	 * @return whether there were any
	 */
	private boolean makeRoom(String newest) {
		boolean some = false;
		for (String id : this.age.oldest(BATCH).keySet()) {
			if (isTooMuch() && !id.equals(newest)) {
				this.entries.invalidate(id);
				some = true;
			}
		}
		return some;
	}

	private void forgotten(@Nullable Entry entry) {
		// of entries that are not weak it is always there
		if (entry != null) {
			this.count.decrementAndGet();
			this.bytes.addAndGet(-entry.size());
		}
	}

	private record Entry(String fingerprint, StoredOutcome outcome) {

		int size() {
			return this.outcome.json().length + OVERHEAD;
		}

		KeyedAnswer answer(KeyedCall call) {
			return this.fingerprint.equals(call.fingerprint()) ? new KeyedAnswer.Answered(this.outcome, true)
					: KeyedAnswer.Refused.OTHER_CALL;
		}

	}

}
