package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.Hedge;
import dev.rpcboot.client.RpcClientInterceptor.Chain;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;

/**
 * One call that may be made at two instances at a time, each under a context of its own,
 * so that the slower one can be ended. The first attempt is made where any would be, for
 * a caller who waits on its own thread; the second on another thread. While there is no
 * budget for it, it is put off, and if it fails there may be another: a first attempt
 * that hangs would else use the whole deadline.
 */
final class HedgedCall {

	/** How soon the budget is asked again. */
	private static final Duration MOST_PAUSE = Duration.ofMillis(100);

	private final RpcRequest request;

	private final Chain chain;

	private final AttemptBudget budget;

	private final CallTimer timer;

	private final CallContext whole;

	private final CallContext first;

	private final CallContext second;

	private final CompletableFuture<RpcResponse> result = new CompletableFuture<>();

	private boolean firstRuns = true;

	private boolean secondRuns;

	private int hedges;

	private boolean over;

	private volatile CallTimer.@Nullable Task slow;

	/** Of the attempt that has failed while the other runs. */
	private @Nullable Throwable failure;

	HedgedCall(RpcRequest request, Chain chain, AttemptBudget budget, CallTimer timer, Executor executor) {
		this.request = request;
		this.chain = chain;
		this.budget = budget;
		this.timer = timer;
		this.whole = request.context();
		this.first = this.whole.part();
		this.second = this.whole.partOn(executor);
	}

	/**
	 * Makes the call.
	 * @param delay after which the second attempt is made
	 */
	CompletableFuture<RpcResponse> start(Duration delay) {
		try {
			hedgeAfter(delay);
		}
		catch (RejectedExecutionException ex) {
			// this application is shutting down, and needs no second attempts any more
			return this.chain.proceed(this.request);
		}
		this.whole.onEnd(this::abandon);
		this.chain.proceed(this.request.withContext(this.first)).whenComplete((response, failure) -> {
			forgetHedge();
			settleFirst(response, (failure != null) ? Failures.unwrap(failure) : null);
		});
		return this.result;
	}

	private void hedgeAfter(Duration delay) {
		this.slow = this.timer.schedule(() -> this.second.execute(() -> hedge(delay)), delay);
	}

	private void forgetHedge() {
		CallTimer.Task slow = this.slow;
		if (slow != null) {
			slow.cancel();
		}
	}

	private void hedge(Duration delay) {
		if (!mayHedge()) {
			return;
		}
		if (!this.budget.tryWithdraw()) {
			putOff((delay.compareTo(MOST_PAUSE) < 0) ? delay.multipliedBy(2) : MOST_PAUSE);
			return;
		}
		synchronized (this) {
			if (!mayHedge()) {
				return;
			}
			this.secondRuns = true;
			this.hedges++;
		}
		this.chain
			.proceed(this.request.withContext(this.second)
				.withAttempt(this.request.attempt() + this.hedges)
				.withAttribute(Hedge.class, Hedge.SECOND))
			.whenComplete((response, failure) -> {
				settleSecond(response, (failure != null) ? Failures.unwrap(failure) : null);
				if (failure != null && mayHedge()) {
					putOff(delay);
				}
			});
	}

	private synchronized boolean mayHedge() {
		return !this.over && this.firstRuns && !this.secondRuns && !this.second.isDone()
				&& this.request.attempt() + this.hedges < this.request.settings().maxAttempts();
	}

	private void putOff(Duration delay) {
		try {
			hedgeAfter(delay);
		}
		catch (RejectedExecutionException ex) {
			// shutting down: there will be one attempt
		}
		if (!mayHedge()) {
			forgetHedge();
		}
	}

	private void settleFirst(@Nullable RpcResponse response, @Nullable Throwable failure) {
		Throwable told;
		synchronized (this) {
			this.firstRuns = false;
			if (this.over) {
				return;
			}
			if (failure != null && this.secondRuns && !this.first.isCancelled()
					&& (!isAnswer(failure) || isRefusal(failure))) {
				this.failure = failure;
				return;
			}
			told = (failure != null && this.failure != null) ? tellingMore(failure, this.failure) : failure;
			this.over = true;
		}
		this.whole.onEnd(null);
		if (this.first.isCancelled()) {
			// its thread was interrupted
			this.whole.cancel();
		}
		this.second.cancel();
		complete(response, told);
	}

	private void settleSecond(@Nullable RpcResponse response, @Nullable Throwable failure) {
		Throwable told = failure;
		boolean waiting;
		synchronized (this) {
			this.secondRuns = false;
			if (this.over) {
				return;
			}
			waiting = !this.firstRuns;
			if (failure != null && this.failure != null) {
				told = tellingMore(this.failure, failure);
			}
			if (failure != null && this.firstRuns && (failure instanceof RpcException || !isAnswer(failure))) {
				// the first may still be answered; what one instance cannot do says
				// nothing of the other
				this.failure = told;
				return;
			}
			this.over = true;
		}
		this.whole.onEnd(null);
		RpcResponse answer = response;
		Throwable end = told;
		if (waiting) {
			// what follows belongs on the thread of a caller who waits
			this.whole.execute(() -> complete(answer, end));
		}
		else {
			// before the first is ended, by which such a caller comes back for it
			complete(answer, end);
			this.first.cancel();
		}
	}

	private void complete(@Nullable RpcResponse response, @Nullable Throwable failure) {
		if (response != null) {
			this.result.complete(response);
		}
		else {
			this.result.completeExceptionally(Failures.unwrap(failure));
		}
	}

	private void abandon() {
		for (CallContext part : new CallContext[] { this.first, this.second }) {
			if (this.whole.isExpired()) {
				part.expire();
			}
			else {
				part.cancel();
			}
		}
	}

	/**
	 * While the other attempt runs, this does not say that the method did not; and of a
	 * keyed call the other may be the one that runs.
	 */
	private static boolean isRefusal(Throwable failure) {
		return (failure instanceof RpcException ex && ex.execution() == Execution.NOT_EXECUTED)
				|| Failures.isRemote(failure, RpcStatus.ABORTED);
	}

	/**
	 * Whether an attempt that failed so was answered by the service itself.
	 */
	static boolean isAnswer(Throwable failure) {
		Throwable unwrapped = Failures.unwrap(failure);
		return unwrapped instanceof RpcRemoteException
				|| !(unwrapped instanceof RpcException || unwrapped instanceof CancellationException);
	}

	/**
	 * The failure that says the most of whether the method ran, else the first attempt's.
	 */
	private static Throwable tellingMore(Throwable first, Throwable second) {
		boolean secondSaysMore = says(second) > says(first);
		Throwable told = secondSaysMore ? second : first;
		Throwable other = secondSaysMore ? first : second;
		if (told != other) {
			told.addSuppressed(other);
		}
		return told;
	}

	private static int says(Throwable failure) {
		if (failure instanceof CancellationException) {
			return -1;
		}
		// what is none of ours is the contract's: the method's own answer
		return (failure instanceof RpcException ex) ? switch (ex.execution()) {
			case NOT_EXECUTED -> 0;
			case UNKNOWN -> 1;
			case EXECUTED -> 2;
		} : 3;
	}

}
