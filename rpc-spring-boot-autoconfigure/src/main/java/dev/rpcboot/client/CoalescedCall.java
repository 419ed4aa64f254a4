package dev.rpcboot.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits to travel with others, or is on its way with them. It ends alone,
 * whatever becomes of them. Safe for concurrent use.
 */
final class CoalescedCall {

	/** How long after its deadline somebody may still say so. */
	private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

	private final Message message;

	private final ContractMethod method;

	private final CallContext context;

	private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

	private volatile SharedLossException.@Nullable Counted counted;

	CoalescedCall(Message message, ContractMethod method, CallContext context) {
		this.message = message;
		this.method = method;
		this.context = context;
	}

	Message message() {
		return this.message;
	}

	String method() {
		return this.method.name();
	}

	/**
	 * Whether it may run more than once.
	 */
	boolean isRepeatable() {
		return this.method.idempotency().isRepeatable();
	}

	CallContext context() {
		return this.context;
	}

	/**
	 * The headers that are its own, with the time that is left now.
	 */
	RpcHeaders own() {
		return JsonRpcExchange.withTimeLeft(this.message.headers().only(RpcHeaders::isOfOneCall), this.context);
	}

	/**
	 * The request as it travels alone.
	 */
	Message alone() {
		return new Message(this.message.uri(), JsonRpcExchange.withTimeLeft(this.message.headers(), this.context),
				this.message.body(), this.message.settings(), this.message.description());
	}

	/**
	 * How many bytes it adds to a request, and some more.
	 */
	int size() {
		int[] size = { this.message.body().length };
		this.message.headers().forEach((name, value) -> {
			if (RpcHeaders.isOfOneCall(name)) {
				size[0] += name.length() + 2 * value.length() + 8;
			}
		});
		return size[0];
	}

	/**
	 * Whether it has a header of its own that is too long for travelling with others.
	 */
	boolean isCumbersome() {
		boolean[] cumbersome = { false };
		this.message.headers()
			.forEach((name, value) -> cumbersome[0] |= value.length() > JsonRpcReader.MAX_HEADER_LENGTH
					&& RpcHeaders.isOfOneCall(name));
		return cumbersome[0];
	}

	/**
	 * Has it end when its context does, from when it waits for others.
	 */
	void joinQueue() {
		this.context.onEnd(() -> fail(ended(null)));
	}

	/**
	 * Says that it is going to be sent with others.
	 * @param leave is run if the call ends before they are answered
	 * @param counted what it shares with them, if it ends at its deadline
	 * @return {@code false} if nobody waits for it any more
	 */
	boolean depart(Runnable leave, SharedLossException.Counted counted) {
		if (isDone() || this.context.isDone()) {
			return false;
		}
		this.counted = counted;
		// before it is, so that nobody says that it was not
		this.context.markSent();
		this.context.onEnd(() -> {
			// first: its leaving may end the exchange, which says less
			fail(ended(null));
			leave.run();
		});
		return true;
	}

	void answer(Answer answer) {
		this.outcome.complete(new Outcome(answer));
	}

	void fail(Throwable failure) {
		this.outcome.completeExceptionally(failure);
	}

	/**
	 * Says that it has to travel alone.
	 */
	void sendAlone() {
		this.outcome.complete(new Outcome(null));
	}

	boolean isDone() {
		return this.outcome.isDone();
	}

	/**
	 * What becomes of it, for which a caller who blocks waits here. For others it goes on
	 * where the later work of their call does.
	 * @param transport sends it alone, if it has to travel so
	 */
	CompletableFuture<Answer> result(RpcTransport transport) {
		if (this.context.isBlocking()) {
			await();
			return settled(transport);
		}
		CompletableFuture<Answer> result = new CompletableFuture<>();
		this.outcome.whenComplete(
				(outcome, failure) -> this.context.execute(() -> settled(transport).whenComplete((answer, ex) -> {
					if (ex != null) {
						result.completeExceptionally(ex);
					}
					else {
						result.complete(answer);
					}
				})));
		return result;
	}

	private CompletableFuture<Answer> settled(RpcTransport transport) {
		this.context.onEnd(null);
		return this.outcome.thenCompose((outcome) -> (outcome.answer() != null)
				? CompletableFuture.completedFuture(outcome.answer()) : transport.exchange(alone(), this.context));
	}

	private void await() {
		try {
			this.outcome.get(this.context.deadline().remainingNanos() + GRACE, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.context.cancel();
			fail(ended(ex));
		}
		catch (TimeoutException ex) {
			// nobody has said so, as while the application shuts down
			this.context.expire();
			fail(ended(ex));
		}
		catch (ExecutionException ex) {
			// it has failed, of which its caller hears by its outcome
		}
	}

	private RuntimeException ended(@Nullable Throwable cause) {
		if (this.context.isCancelled()) {
			CancellationException cancelled = new CancellationException(this + ": the call was cancelled");
			cancelled.initCause(cause);
			return cancelled;
		}
		boolean sent = this.context.isSent();
		SharedLossException.Counted counted = this.counted;
		Throwable why = (counted != null) ? new SharedLossException(cause, counted) : cause;
		return new RpcDeadlineExceededException(
				this + (sent ? ": no complete answer came before the deadline"
						: ": it could not be sent, with others, before the deadline"),
				sent ? Execution.UNKNOWN : Execution.NOT_EXECUTED, why);
	}

	@Override
	public String toString() {
		return this.message.description() + " at " + this.message.uri().getAuthority();
	}

	/**
	 * What came of travelling together.
	 *
	 * @param answer {@code null} if nothing did
	 */
	private record Outcome(@Nullable Answer answer) {
	}

}
