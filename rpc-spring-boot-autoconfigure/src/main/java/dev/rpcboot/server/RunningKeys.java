package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import dev.rpcboot.server.idempotency.KeyedAnswer;
import dev.rpcboot.server.idempotency.KeyedAnswer.Answered;
import dev.rpcboot.server.idempotency.KeyedAnswer.Refused;
import dev.rpcboot.server.idempotency.KeyedCall;
import org.jspecify.annotations.Nullable;

/**
 * The keyed calls that run here. A repeat that comes meanwhile waits a while for the
 * first, without a thread and without troubling the store. A call that does not end at
 * all is forgotten as its outcome would be. Safe for concurrent use.
 */
final class RunningKeys {

	private final ConcurrentHashMap<String, Run> runs = new ConcurrentHashMap<>();

	private final int max;

	private final Duration wait;

	private final Duration ttl;

	private final DeadlineTimer timer;

	/**
	 * Creates one.
	 * @param max how many may run at a time
	 * @param wait how long a repeat waits
	 * @param ttl how long a call that does not end has its key, if its deadline is not
	 * later
	 */
	RunningKeys(int max, Duration wait, Duration ttl, DeadlineTimer timer) {
		this.max = max;
		this.wait = wait;
		this.ttl = ttl;
		this.timer = timer;
	}

	/**
	 * Goes a call's way, unless one with the same key is on it.
	 */
	CompletableFuture<KeyedAnswer> run(KeyedCall call, Supplier<CompletionStage<KeyedAnswer>> way) {
		Run own = new Run(call.fingerprint(), new CompletableFuture<>());
		Run other = this.runs.putIfAbsent(call.id(), own);
		if (other != null) {
			return repeat(call, other);
		}
		if (this.runs.mappingCount() > this.max) {
			end(call, own, Refused.FULL, null);
			return own.answer();
		}
		try {
			way.get().whenComplete((answer, failure) -> end(call, own, answer, failure));
		}
		catch (Throwable ex) {
			// user code: whatever is thrown, the key must not stay taken
			end(call, own, null, ex);
		}
		if (!own.answer().isDone()) {
			Future<?> expiry = this.timer.after(longer(this.ttl, call.deadline().remaining()),
					() -> end(call, own, Refused.IN_PROGRESS, null));
			own.answer().whenComplete((answer, failure) -> expiry.cancel(false));
		}
		return own.answer();
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) >= 0) ? one : other;
	}

	private void end(KeyedCall call, Run own, @Nullable KeyedAnswer answer, @Nullable Throwable failure) {
		this.runs.remove(call.id(), own);
		if (answer != null) {
			own.answer().complete(answer);
		}
		else {
			own.answer().completeExceptionally((failure != null) ? failure : new IllegalStateException("No answer"));
		}
	}

	private CompletableFuture<KeyedAnswer> repeat(KeyedCall call, Run first) {
		if (!first.fingerprint().equals(call.fingerprint())) {
			return CompletableFuture.completedFuture(Refused.OTHER_CALL);
		}
		CompletableFuture<KeyedAnswer> answer = first.answer()
			.handle((answered, failure) -> (failure != null) ? Refused.IN_PROGRESS : replay(answered));
		if (!answer.isDone()) {
			Future<?> timeout = this.timer.after(this.wait, () -> answer.complete(Refused.IN_PROGRESS));
			answer.whenComplete((answered, failure) -> timeout.cancel(false));
		}
		return answer;
	}

	private static KeyedAnswer replay(KeyedAnswer answer) {
		return (answer instanceof Answered answered) ? new Answered(answered.outcome(), true) : answer;
	}

	private record Run(String fingerprint, CompletableFuture<KeyedAnswer> answer) {
	}

}
