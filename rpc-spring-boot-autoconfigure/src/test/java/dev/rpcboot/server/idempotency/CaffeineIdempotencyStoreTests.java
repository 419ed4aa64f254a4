package dev.rpcboot.server.idempotency;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.server.idempotency.KeyedAnswer.Answered;
import dev.rpcboot.server.idempotency.KeyedAnswer.Refused;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CaffeineIdempotencyStoreTests {

	private final AtomicLong now = new AtomicLong();

	@Test
	void keepsAnOutcomeUntilItExpires() {
		CaffeineIdempotencyStore store = store(10, 1_000_000);
		run(store, "a", 1);

		this.now.addAndGet(Duration.ofHours(1).toNanos() - 1);
		KeyedAnswer before = run(store, "a", 1);
		this.now.addAndGet(1);
		KeyedAnswer after = run(store, "a", 1);

		assertThat(isReplay(before)).isTrue();
		assertThat(isReplay(after)).isFalse();
		assertThat(store.size()).isOne();
	}

	@Test
	void refusesOtherArguments() {
		CaffeineIdempotencyStore store = store(10, 1_000_000);
		run(store, "a", 1);

		KeyedAnswer other = store
			.run(new KeyedCall("a", "other", deadline()), () -> CompletableFuture.failedStage(new AssertionError()))
			.toCompletableFuture()
			.join();

		assertThat(other).isEqualTo(Refused.OTHER_CALL);
	}

	@Test
	void forgetsTheOldestWhenThereAreTooMany() {
		CaffeineIdempotencyStore store = store(100, 1_000_000_000);
		for (int i = 0; i < 1000; i++) {
			run(store, "key " + i, 1);
			// one that is read is not younger for it
			run(store, "key " + Math.max(0, i - 50), 1);
			this.now.addAndGet(1000);
		}

		assertThat(store.size()).isEqualTo(100);
		for (int i = 900; i < 1000; i++) {
			assertThat(isReplay(run(store, "key " + i, 1))).as("key " + i).isTrue();
		}
		assertThat(isReplay(run(store, "key 899", 1))).isFalse();
	}

	@Test
	void forgetsTheOldestWhenTheyAreTooLarge() {
		CaffeineIdempotencyStore store = store(1_000_000, 100_000);
		for (int i = 0; i < 100; i++) {
			run(store, "key " + i, 9_600);
		}

		assertThat(store.size()).isEqualTo(10);
		assertThat(isReplay(run(store, "key 90", 1))).isTrue();
		assertThat(isReplay(run(store, "key 89", 1))).isFalse();
	}

	@Test
	void keepsTheNewestHoweverLargeItIs() {
		CaffeineIdempotencyStore store = store(10, 100);
		run(store, "a", 1);
		run(store, "b", 1000);

		assertThat(isReplay(run(store, "b", 1000))).isTrue();
		assertThat(store.size()).isOne();
	}

	@Test
	void keepsNothingOfAnEffectThatFails() {
		CaffeineIdempotencyStore store = store(10, 1_000_000);
		CompletionStage<KeyedAnswer> failed = store.run(call("a"),
				() -> CompletableFuture.failedStage(new IllegalStateException()));

		KeyedAnswer again = run(store, "a", 1);

		assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
		assertThat(isReplay(again)).isFalse();
	}

	private CaffeineIdempotencyStore store(int maxEntries, long maxBytes) {
		return new CaffeineIdempotencyStore(Duration.ofHours(1), maxEntries, maxBytes, this.now::get);
	}

	private static KeyedAnswer run(CaffeineIdempotencyStore store, String id, int size) {
		StoredOutcome outcome = new StoredOutcome(StoredOutcome.Kind.RESULT, new byte[size]);
		return store.run(call(id), () -> CompletableFuture.completedStage(outcome)).toCompletableFuture().join();
	}

	private static boolean isReplay(KeyedAnswer answer) {
		return ((Answered) answer).replayed();
	}

	private static KeyedCall call(String id) {
		return new KeyedCall(id, "fingerprint", deadline());
	}

	private static Deadline deadline() {
		return Deadline.after(Duration.ofMinutes(1), NanoClock.SYSTEM);
	}

}
