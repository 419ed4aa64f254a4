package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.server.idempotency.KeyedAnswer;
import dev.rpcboot.server.idempotency.KeyedAnswer.Answered;
import dev.rpcboot.server.idempotency.KeyedAnswer.Refused;
import dev.rpcboot.server.idempotency.KeyedCall;
import dev.rpcboot.server.idempotency.StoredOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class RunningKeysTests {

	private static final Answered ANSWER = new Answered(new StoredOutcome(StoredOutcome.Kind.RESULT, new byte[0]),
			false);

	private static final Supplier<CompletionStage<KeyedAnswer>> NEVER = () -> {
		throw new AssertionError("ran twice");
	};

	private final DeadlineTimer timer = new DeadlineTimer();

	private final CompletableFuture<KeyedAnswer> first = new CompletableFuture<>();

	@AfterEach
	void stop() {
		this.timer.close();
	}

	@Test
	void aRepeatWaitsForTheFirst() {
		RunningKeys running = running(1, Duration.ofMinutes(1));
		CompletableFuture<KeyedAnswer> answer = running.run(call("a", "1"), () -> this.first);

		CompletableFuture<KeyedAnswer> repeat = running.run(call("a", "1"), NEVER);
		boolean waited = !repeat.isDone();
		this.first.complete(ANSWER);

		assertThat(waited).isTrue();
		assertThat(answer).isCompletedWithValue(ANSWER);
		assertThat(repeat).isCompletedWithValue(new Answered(ANSWER.outcome(), true));
	}

	@Test
	void aRepeatWaitsNoLongerThanItMay() throws Exception {
		RunningKeys running = running(1, Duration.ofMillis(1));
		running.run(call("a", "1"), () -> this.first);

		CompletableFuture<KeyedAnswer> repeat = running.run(call("a", "1"), NEVER);

		assertThat(repeat.get(20, TimeUnit.SECONDS)).isEqualTo(Refused.IN_PROGRESS);
		assertThat(this.first).isNotDone();
	}

	@Test
	void aRepeatIsNotRunWhenTheFirstFails() {
		RunningKeys running = running(1, Duration.ofMinutes(1));
		CompletableFuture<KeyedAnswer> answer = running.run(call("a", "1"), () -> this.first);
		CompletableFuture<KeyedAnswer> repeat = running.run(call("a", "1"), NEVER);

		this.first.completeExceptionally(new IllegalStateException());

		assertThat(answer).isCompletedExceptionally();
		assertThat(repeat).isCompletedWithValue(Refused.IN_PROGRESS);
	}

	@Test
	void refusesOtherArgumentsAtOnce() {
		RunningKeys running = running(1, Duration.ofMinutes(1));
		running.run(call("a", "1"), () -> this.first);

		CompletableFuture<KeyedAnswer> other = running.run(call("a", "2"), NEVER);

		assertThat(other).isCompletedWithValue(Refused.OTHER_CALL);
	}

	@Test
	void aKeyIsFreeAgainWhateverBecomesOfItsCall() {
		RunningKeys running = running(1, Duration.ofMinutes(1));
		running.run(call("a", "1"), () -> CompletableFuture.failedStage(new IllegalStateException()));
		running.run(call("a", "1"), () -> {
			throw new IllegalStateException();
		});
		running.run(call("a", "1"), () -> CompletableFuture.completedStage(ANSWER));

		CompletableFuture<KeyedAnswer> next = running.run(call("b", "1"),
				() -> CompletableFuture.completedStage(ANSWER));

		assertThat(next).isCompletedWithValue(ANSWER);
	}

	@Test
	void aCallThatNeverEndsHasItsKeyForAsLongAsAnOutcomeIsKept() throws Exception {
		RunningKeys running = new RunningKeys(1, Duration.ofMinutes(1), Duration.ofMillis(1), this.timer);
		CompletableFuture<KeyedAnswer> answer = running.run(call("a", "1", Duration.ZERO), () -> this.first);

		KeyedAnswer ended = answer.get(20, TimeUnit.SECONDS);

		assertThat(ended).isEqualTo(Refused.IN_PROGRESS);
		assertThat(running.run(call("b", "1"), () -> CompletableFuture.completedStage(ANSWER)))
			.isCompletedWithValue(ANSWER);
	}

	@Test
	void aCallHasItsKeyUntilItsDeadlineAtLeast() throws Exception {
		RunningKeys running = new RunningKeys(2, Duration.ofMinutes(1), Duration.ofMillis(1), this.timer);
		CompletableFuture<KeyedAnswer> answer = running.run(call("a", "1", Duration.ofMinutes(1)), () -> this.first);
		running.run(call("b", "1", Duration.ZERO), CompletableFuture::new).get(20, TimeUnit.SECONDS);

		CompletableFuture<KeyedAnswer> repeat = running.run(call("a", "1"), NEVER);

		assertThat(answer).isNotDone();
		assertThat(repeat).isNotDone();
	}

	@Test
	void refusesMoreThanMayRunButNotRepeats() {
		RunningKeys running = running(1, Duration.ofMinutes(1));
		running.run(call("a", "1"), () -> this.first);

		CompletableFuture<KeyedAnswer> other = running.run(call("b", "1"), NEVER);
		CompletableFuture<KeyedAnswer> repeat = running.run(call("a", "1"), NEVER);
		this.first.complete(ANSWER);

		assertThat(other).isCompletedWithValue(Refused.FULL);
		assertThat(repeat).isCompletedWithValue(new Answered(ANSWER.outcome(), true));
		assertThat(running.run(call("b", "1"), () -> CompletableFuture.completedStage(ANSWER)))
			.isCompletedWithValue(ANSWER);
	}

	private RunningKeys running(int max, Duration wait) {
		return new RunningKeys(max, wait, Duration.ofHours(1), this.timer);
	}

	private static KeyedCall call(String id, String fingerprint) {
		return call(id, fingerprint, Duration.ofMinutes(1));
	}

	private static KeyedCall call(String id, String fingerprint, Duration time) {
		return new KeyedCall(id, fingerprint, Deadline.after(time, NanoClock.SYSTEM));
	}

}
