package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;

/**
 * Makes another attempt where that is certain to do no harm: if the method did not run,
 * any method on another instance; if that is unknown, only a method whose contract says
 * that it may be repeated. The first repetition leaves at once, after a refusal for want
 * of time only if another instance is known to have some; the next waits as long as the
 * server asked, or at random. The caller of a rate that is used up always waits, and so
 * does a call whose first attempt still runs.
 * <p>
 * A target has a budget of repetitions, so that a failure of all of its instances is not
 * answered with twice the load. Nor is a call repeated that is made while a repeated call
 * is served: the attempts of several hops would multiply. A failover is bound by neither:
 * one instance did not take the call, and another is well.
 *
 * @since 0.1
 */
public final class RetryInterceptor implements RpcClientInterceptor {

	private final CallTimer timer;

	private final NanoClock clock;

	private final Backoff backoff;

	private final Alternatives alternatives;

	private final Map<String, AttemptBudget> budgets = new ConcurrentHashMap<>();

	/**
	 * Creates one.
	 * @param timer for attempts after a pause
	 * @param alternatives knows the instances of targets
	 */
	public RetryInterceptor(CallTimer timer, Alternatives alternatives) {
		this(timer, alternatives, NanoClock.SYSTEM, () -> ThreadLocalRandom.current().nextDouble());
	}

	RetryInterceptor(CallTimer timer, Alternatives alternatives, NanoClock clock, DoubleSupplier random) {
		this.timer = timer;
		this.alternatives = alternatives;
		this.clock = clock;
		this.backoff = new Backoff(random);
	}

	@Override
	public ClientStage stage() {
		return ClientStage.RETRY;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		budget(request).deposit();
		return attempt(request, chain, null);
	}

	private AttemptBudget budget(RpcRequest request) {
		AttemptBudget budget = this.budgets.get(request.target());
		return (budget != null) ? budget : this.budgets.computeIfAbsent(request.target(),
				(target) -> new AttemptBudget(request.settings().resilience().retryBudget(), this.clock));
	}

	/**
	 * Makes an attempt, and more if it fails.
	 * @param mayHaveRun the failure of an attempt before by which the method may have
	 * run, or {@code null}; what the caller is told at last must not be less
	 */
	private CompletableFuture<RpcResponse> attempt(RpcRequest request, Chain chain, @Nullable RpcException mayHaveRun) {
		CompletableFuture<RpcResponse> response = chain.proceed(request);
		if (response.isDone() && !response.isCompletedExceptionally()) {
			return response;
		}
		return response.exceptionallyCompose((failed) -> {
			Throwable failure = Failures.unwrap(failed);
			RpcException unknown = (failure instanceof RpcException ex && ex.execution() != Execution.NOT_EXECUTED) ? ex
					: mayHaveRun;
			Duration delay = delay(failure, request);
			if (delay != null) {
				try {
					return repeat(request.withAttempt(made(request) + 1), chain, unknown, delay);
				}
				catch (RejectedExecutionException ex) {
					// shutting down: what is known is told
				}
			}
			if (unknown != null && unknown != failure && failure instanceof RpcException) {
				unknown.addSuppressed(failure);
				return CompletableFuture.failedFuture(unknown);
			}
			return response;
		});
	}

	/**
	 * How long to wait before the next attempt, or {@code null} if there must be none.
	 */
	private @Nullable Duration delay(Throwable failure, RpcRequest request) {
		CallContext context = request.context();
		if (made(request) >= request.settings().maxAttempts() || context.isDone() || !mayRepeat(failure, request)) {
			return null;
		}
		Duration delay = pause(failure, request);
		if (delay.compareTo(context.remaining()) >= 0) {
			return null;
		}
		boolean failover = isFailover(failure) && this.alternatives.hasOther(request);
		if (!failover && servesRepetition(context) && !isNoLoad(failure)) {
			failure.addSuppressed(new NotRepeatedException(
					request + " was not repeated: the call that it was made for is a repetition itself"));
			return null;
		}
		// it pays as long as the budget lasts: until much is known, others may fail too
		if (!budget(request).tryWithdraw() && !failover) {
			failure.addSuppressed(new NotRepeatedException(
					request + " was not repeated: the retry budget of " + request.target() + " is used up"));
			return null;
		}
		return delay;
	}

	/** A stage further in may have made more than one attempt. */
	private static int made(RpcRequest request) {
		return Math.max(request.attempt(), request.context().tried().size());
	}

	private static boolean servesRepetition(CallContext context) {
		InboundCall inbound = context.inbound();
		return inbound != null && inbound.isRepeated();
	}

	/**
	 * The instance did not take the call, which says nothing of others.
	 */
	private static boolean isFailover(Throwable failure) {
		return isNoLoad(failure)
				|| (failure instanceof RpcUnavailableException refused && refused.reason() == Reason.OVERLOADED);
	}

	/**
	 * The attempt was no load for the target, nor is it the target's load that failed.
	 */
	private static boolean isNoLoad(Throwable failure) {
		return failure instanceof RpcUnavailableException refused
				&& (refused.reason() == Reason.CONNECT_FAILED || refused.reason() == Reason.DRAINING);
	}

	private static boolean mayRepeat(Throwable failure, RpcRequest request) {
		if (failure instanceof RpcUnavailableException refused) {
			return switch (refused.reason()) {
				case CONNECT_FAILED, DRAINING, OVERLOADED -> refused.isRetryable();
				case RATE_LIMITED -> refused.isRetryable() && refused.retryAfter() != null;
				case NO_INSTANCE, CIRCUIT_OPEN, THROTTLED, SHUT_DOWN -> false;
			};
		}
		if (failure instanceof RpcConnectionException || isGarbled(failure)) {
			return request.method().idempotency().isRepeatable();
		}
		if (failure instanceof RpcRemoteException remote && remote.isRetryable()) {
			if (Failures.isRemote(remote, RpcStatus.ABORTED)) {
				return request.method().idempotency() == Idempotency.KEYED;
			}
			// the instance may have been replaced by another application: once, elsewhere
			return Failures.isRemote(remote, RpcStatus.SERVICE_NOT_FOUND) && request.attempt() == 1;
		}
		return false;
	}

	/** Nobody can say what the answer was; one that is only too large was one. */
	private static boolean isGarbled(Throwable failure) {
		return failure instanceof RpcProtocolException malformed && malformed.execution() == Execution.UNKNOWN;
	}

	private Duration pause(Throwable failure, RpcRequest request) {
		int attempt = request.attempt();
		if (failure instanceof RpcRemoteException remote && Failures.isRemote(remote, RpcStatus.ABORTED)) {
			return (remote.retryAfter() != null) ? remote.retryAfter() : this.backoff.whileRunning(attempt);
		}
		boolean elsewhere = attempt == 1;
		if (failure instanceof RpcUnavailableException refused) {
			boolean limited = refused.reason() == Reason.RATE_LIMITED;
			boolean same = refused.reason() == Reason.OVERLOADED && !this.alternatives.hasOther(request);
			elsewhere = elsewhere && !limited && !same;
			if (!elsewhere && refused.retryAfter() != null) {
				return refused.retryAfter();
			}
		}
		return elsewhere ? Duration.ZERO : this.backoff.after(attempt);
	}

	private CompletableFuture<RpcResponse> repeat(RpcRequest next, Chain chain, @Nullable RpcException mayHaveRun,
			Duration delay) {
		if (delay.isZero()) {
			return attempt(next, chain, mayHaveRun);
		}
		CompletableFuture<RpcResponse> later = new CompletableFuture<>();
		this.timer.schedule(() -> next.context()
			.execute(() -> attempt(next, chain, mayHaveRun).whenComplete((response, failure) -> {
				if (response != null) {
					later.complete(response);
				}
				else {
					later.completeExceptionally(Failures.unwrap(failure));
				}
			})), delay);
		return later;
	}

}
