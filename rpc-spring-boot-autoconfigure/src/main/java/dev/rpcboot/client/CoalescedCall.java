package dev.rpcboot.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits to travel with others, or is on its way with them. It ends alone,
 * whatever becomes of them. Safe for concurrent use.
 */
final class CoalescedCall {

	private static final long GRACE_MILLIS = 1000;

	private static final int HEADERS_SIZE = 200;

	private final RpcTransport.Message message;

	private final String method;

	private final CallContext context;

	private final RpcHeaders shared;

	private final RpcHeaders own;

	private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

	CoalescedCall(RpcTransport.Message message, String method, CallContext context) {
		this.message = message;
		this.method = method;
		this.context = context;
		this.shared = message.headers()
			.only((name) -> !RpcHeaders.isOfOneCall(name) && !name.equals(RpcHeaders.METHOD));
		this.own = message.headers().only(RpcHeaders::isOfOneCall);
	}

	RpcTransport.Message message() {
		return this.message;
	}

	String method() {
		return this.method;
	}

	/**
	 * About how many bytes it adds to a request.
	 */
	int size() {
		return this.message.body().length + HEADERS_SIZE;
	}

	CallContext context() {
		return this.context;
	}

	/**
	 * Headers that it must have in common with those that it travels with.
	 */
	RpcHeaders shared() {
		return this.shared;
	}

	RpcHeaders own() {
		return this.own;
	}

	/**
	 * Ends with the call: from now on nobody waits for it any more.
	 * @param leave takes it from those that wait
	 */
	void endBy(Runnable leave) {
		this.context.onEnd(() -> {
			leave.run();
			fail(ended(null));
		});
	}

	void answer(RpcTransport.Answer answer) {
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

	/**
	 * The answer, for which a caller who blocks waits here.
	 * @param transport sends it alone, if it has to travel so
	 */
	CompletableFuture<RpcTransport.Answer> result(RpcTransport transport) {
		if (this.context.isBlocking()) {
			await();
		}
		return this.outcome.thenCompose((outcome) -> {
			this.context.onEnd(null);
			return (outcome.answer() != null) ? CompletableFuture.completedFuture(outcome.answer())
					: transport.exchange(this.message, this.context);
		});
	}

	private void await() {
		try {
			this.outcome.get(this.context.remaining().toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.context.cancel();
			fail(ended(ex));
		}
		catch (TimeoutException ex) {
			// nobody says so, as while the application shuts down
			this.context.expire();
			fail(ended(ex));
		}
		catch (Exception ex) {
			// it has failed, which the caller of this hears by its outcome
		}
	}

	private RuntimeException ended(@Nullable Throwable cause) {
		if (this.context.isCancelled()) {
			CancellationException cancelled = new CancellationException(
					this.message.description() + ": the call was cancelled");
			cancelled.initCause(cause);
			return cancelled;
		}
		boolean sent = this.context.isSent();
		return new RpcDeadlineExceededException(
				this.message.description() + " at " + this.message.uri().getAuthority()
						+ (sent ? ": no complete answer came before the deadline"
								: ": it could not be sent, with others, before the deadline"),
				sent ? Execution.UNKNOWN : Execution.NOT_EXECUTED, cause);
	}

	@Override
	public String toString() {
		return this.message.description();
	}

	/**
	 * What came of travelling together.
	 *
	 * @param answer {@code null} if nothing did
	 */
	private record Outcome(RpcTransport.@Nullable Answer answer) {
	}

}
