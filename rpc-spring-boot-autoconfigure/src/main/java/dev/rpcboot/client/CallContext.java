package dev.rpcboot.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import org.jspecify.annotations.Nullable;

/**
 * What is true of one call whatever stage it is in: how long it may take, whether it is
 * still wanted, and on which thread later work of it runs. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class CallContext {

	private static final Runnable NOBODY = () -> {
	};

	private final Deadline deadline;

	private final Duration timeout;

	private final boolean blocking;

	private final Executor executor;

	private final @Nullable InboundCall inbound;

	private final AtomicReference<State> state = new AtomicReference<>(State.ACTIVE);

	private final AtomicReference<Runnable> listener = new AtomicReference<>(NOBODY);

	private final TriedInstances tried = new TriedInstances();

	private volatile boolean sent;

	private volatile boolean mayHaveRun;

	private volatile @Nullable CallContext followed;

	private final @Nullable CallContext whole;

	/**
	 * Creates the context of a call.
	 * @param deadline when nobody waits for it any more
	 * @param blocking whether the caller waits on its own thread, on which the exchange
	 * may therefore be done
	 * @param executor runs what happens later
	 */
	public CallContext(Deadline deadline, boolean blocking, Executor executor) {
		this(deadline, blocking, executor, null);
	}

	/**
	 * Creates the context of a call that is made while another is served.
	 * @param deadline when nobody waits for it any more
	 * @param blocking whether the caller waits on its own thread, on which the exchange
	 * may therefore be done
	 * @param executor runs what happens later
	 * @param inbound the call that is served, or {@code null} if there is none
	 */
	public CallContext(Deadline deadline, boolean blocking, Executor executor, @Nullable InboundCall inbound) {
		this.deadline = deadline;
		boolean inherited = inbound != null && deadline.equals(inbound.deadline());
		this.timeout = inherited ? Duration.ofMillis(deadline.remaining().plusNanos(999_999).toMillis())
				: deadline.time();
		this.blocking = blocking;
		this.executor = executor;
		this.inbound = inbound;
		this.whole = null;
	}

	private CallContext(CallContext whole, boolean blocking, Executor executor) {
		this.deadline = whole.deadline;
		this.timeout = whole.timeout;
		this.blocking = blocking;
		this.executor = executor;
		this.inbound = whole.inbound;
		this.whole = whole;
	}

	/**
	 * The context of one of several attempts that are made at a time: it can be ended
	 * alone, and what is tried and sent in it is tried and sent for the call. It does not
	 * end with the call by itself.
	 */
	public CallContext part() {
		return new CallContext(this, this.blocking, this.executor);
	}

	/**
	 * The same for an attempt that is made beside the thread of a caller who waits, with
	 * the thread-locals that this thread has now.
	 * @param pool where it is made
	 */
	public CallContext partOn(Executor pool) {
		return new CallContext(this, false, this.blocking ? ContextPropagation.ofThisThread(pool) : this.executor);
	}

	/**
	 * When nobody waits for the call any more.
	 */
	public Deadline deadline() {
		return this.deadline;
	}

	/**
	 * Time that the call had in all when it began, in whole milliseconds, rounded up.
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * The call that was served when this one was made, or {@code null} if there was none.
	 */
	public @Nullable InboundCall inbound() {
		return this.inbound;
	}

	/**
	 * Time left, never negative.
	 */
	public Duration remaining() {
		return this.deadline.remaining();
	}

	/**
	 * Whether the caller waits on the thread that makes the call, so that the exchange
	 * may be done on it. If not, nothing may block.
	 */
	public boolean isBlocking() {
		return this.blocking;
	}

	/**
	 * Runs what happens later: on the caller's own thread if it waits, else on a pool.
	 */
	public Executor executor() {
		return this.executor;
	}

	/**
	 * Runs later work by the {@link #executor()}, or on this thread where that takes
	 * nothing more, as while the application shuts down: nobody else is left to tell the
	 * caller.
	 */
	public void execute(Runnable work) {
		Runnable task = this.blocking ? work : new LaterWork(this, work);
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			task.run();
		}
	}

	/**
	 * Whether no new work should be started for the call, because it was cancelled or its
	 * deadline has passed.
	 */
	public boolean isDone() {
		State state = this.state.get();
		return (state != State.ACTIVE && state != State.STREAMING)
				|| (state == State.ACTIVE && this.deadline.isExpired());
	}

	/**
	 * Notes that the first item of a stream has come: the deadline was met, and from now
	 * on the stream ends by itself or because it is cancelled.
	 * @return whether that was in time
	 */
	public boolean startStreaming() {
		return this.state.compareAndSet(State.ACTIVE, State.STREAMING);
	}

	/**
	 * Whether the caller gave up.
	 */
	public boolean isCancelled() {
		return this.state.get() == State.CANCELLED;
	}

	/**
	 * Whether the call was ended at its deadline.
	 */
	public boolean isExpired() {
		return this.state.get() == State.EXPIRED;
	}

	/**
	 * Ends the call because the caller gave up.
	 */
	public void cancel() {
		end(State.ACTIVE, State.CANCELLED);
		end(State.STREAMING, State.CANCELLED);
	}

	/**
	 * Ends the call because its deadline has passed.
	 */
	public void expire() {
		end(State.ACTIVE, State.EXPIRED);
	}

	private void end(State from, State end) {
		if (this.state.compareAndSet(from, end)) {
			this.listener.getAndSet(NOBODY).run();
		}
	}

	/**
	 * Sets what ends the exchange under way, in place of what was set before; runs it at
	 * once if the call has ended already. There is one listener: composed futures do not
	 * carry a cancellation, so it comes to the exchange by this way alone.
	 * @param action must not block, or {@code null} when the exchange is over
	 */
	public void onEnd(@Nullable Runnable action) {
		this.listener.set((action != null) ? action : NOBODY);
		if (action != null && (isCancelled() || isExpired()) && this.listener.compareAndSet(action, NOBODY)) {
			action.run();
		}
	}

	/**
	 * Notes an instance that an attempt is made at.
	 */
	public void addTried(RpcInstance instance) {
		if (this.whole != null) {
			this.whole.addTried(instance);
		}
		else {
			this.tried.note(instance);
		}
	}

	/**
	 * The instances at which attempts were made so far, in order; a live view.
	 */
	public List<RpcInstance> tried() {
		CallContext other = (this.whole != null) ? this.whole : this.followed;
		return (other != null) ? other.tried() : this.tried;
	}

	/**
	 * Notes that this call waits for the exchange of another, so that what was tried and
	 * sent there was tried and sent for this call too.
	 */
	public void follow(CallContext other) {
		this.followed = other;
	}

	/**
	 * Notes that a request, or a part of it, may have reached a server.
	 */
	public void markSent() {
		this.sent = true;
		if (this.whole != null) {
			this.whole.markSent();
		}
	}

	/**
	 * Whether a request, or a part of it, may have reached a server in any attempt.
	 */
	public boolean isSent() {
		CallContext other = (this.whole != null) ? this.whole : this.followed;
		return this.sent || (other != null && other.isSent());
	}

	/**
	 * Notes that an attempt is over after which nobody can say that nothing ran.
	 */
	void markMayHaveRun() {
		this.mayHaveRun = true;
	}

	/**
	 * Whether there was such an attempt, in this context itself.
	 */
	boolean mayHaveRun() {
		return this.mayHaveRun;
	}

	private enum State {

		ACTIVE, STREAMING, CANCELLED, EXPIRED

	}

}
