package dev.rpcboot.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.AnswerTooLargeException;
import dev.rpcboot.jsonrpc.EncodedResult;
import dev.rpcboot.jsonrpc.EventReader;
import org.jspecify.annotations.Nullable;

/**
 * The items of a stream of events, each read when it is asked for. It ends by the event
 * that says so; a body that ends without it was cut off. Whichever of end, failure, idle
 * timeout and cancellation comes first decides, and the others are not heard.
 */
final class EventItems implements ResultItems {

	private final ItemSource<byte[]> body;

	private final ItemLoop<byte[]> pieces;

	private final EventReader reader;

	private final EventDecoder decoder;

	private final RpcRequest request;

	private final IdleWatch idle;

	private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

	private final AtomicReference<@Nullable Receiver<? super EncodedResult>> receiver = new AtomicReference<>();

	private volatile boolean started;

	private volatile boolean cancelled;

	private @Nullable EncodedResult first;

	EventItems(ItemSource<byte[]> body, EventDecoder decoder, RpcRequest request, CallTimer timer) {
		this.body = body;
		this.pieces = new ItemLoop<>(body, new Pieces());
		this.reader = new EventReader(request.settings().transport().maxAnswerSize().toBytes());
		this.decoder = decoder;
		this.request = request;
		this.idle = new IdleWatch(timer, request.settings().streamIdleTimeout(), this::idled);
	}

	/**
	 * Reads the first event, with which the deadline of the call is met.
	 * @param response is completed with the stream, or fails if an error comes in place
	 * of an item
	 */
	void open(RpcHeaders headers, CompletableFuture<RpcResponse> response) {
		next(new Receiver<>() {

			@Override
			public void item(EncodedResult item) {
				EventItems.this.first = item;
				end();
			}

			@Override
			public void end() {
				if (EventItems.this.request.context().startStreaming()) {
					EventItems.this.started = true;
					response.complete(new RpcResponse(EncodedResult.NULL, headers, EventItems.this));
				}
				else {
					Exception late = late();
					fail(late);
					response.completeExceptionally(late);
				}
			}

			@Override
			public void failed(Throwable failure) {
				response.completeExceptionally(failure);
			}

		});
	}

	@Override
	public void next(Receiver<? super EncodedResult> receiver) {
		EncodedResult item = this.first;
		if (item != null) {
			this.first = null;
			receiver.item(item);
		}
		else {
			this.receiver.set(receiver);
			// the idle timeout may strike between two items, when nobody waits to be told
			if (this.over.isDone()) {
				tellEnd();
			}
			else {
				read();
			}
		}
	}

	/** Tells whoever waits how the stream has ended; who cancelled it knows. */
	private void tellEnd() {
		this.over.whenComplete((end, failure) -> {
			Receiver<? super EncodedResult> receiver = this.receiver.getAndSet(null);
			if (receiver == null || this.cancelled) {
				return;
			}
			if (failure != null) {
				receiver.failed(failure);
			}
			else {
				receiver.end();
			}
		});
	}

	private void read() {
		EncodedResult item;
		try {
			EventReader.Event event = this.reader.next();
			if (event == null) {
				if (this.started) {
					this.idle.start();
				}
				this.pieces.next();
				return;
			}
			item = decode(event);
		}
		catch (AnswerTooLargeException ex) {
			fail(new RpcProtocolException(
					this.request + " was answered with an item larger than the limit of "
							+ this.request.settings().transport().maxAnswerSize() + " (max-answer-size)",
					Execution.EXECUTED, ex));
			return;
		}
		// the contract's own exceptions may be of any type
		catch (Throwable ex) {
			fail(ex);
			return;
		}
		if (item == null) {
			end();
			return;
		}
		this.idle.stop();
		Receiver<? super EncodedResult> receiver = this.receiver.getAndSet(null);
		if (receiver != null) {
			receiver.item(item);
		}
	}

	/** The item, or {@code null} at the end. */
	private @Nullable EncodedResult decode(EventReader.Event event) throws Throwable {
		EncodedResult result = this.decoder.decode(event.data());
		return switch (event.type()) {
			case "", "message" -> result;
			case "end" -> null;
			case "error" -> throw new RpcProtocolException(
					this.request + " was answered with an error event that bears none", Execution.UNKNOWN, null);
			default -> throw new RpcProtocolException(
					this.request + " was answered with an event that is neither an item nor end nor error",
					Execution.UNKNOWN, null);
		};
	}

	private void end() {
		if (this.over.complete(null)) {
			drain();
			tellEnd();
		}
	}

	/** Reads on to the end of the body, which alone gives the connection back. */
	private void drain() {
		try {
			if (this.reader.next() == null) {
				this.idle.start();
				this.pieces.next();
				return;
			}
		}
		catch (AnswerTooLargeException ex) {
			// as wrong as an event after the end
		}
		release();
	}

	private void fail(Throwable failure) {
		if (this.over.completeExceptionally(failure)) {
			release();
			tellEnd();
		}
	}

	@Override
	public void refuse(Throwable failure) {
		fail(failure);
	}

	@Override
	public void cancel() {
		if (this.over.isDone()) {
			return;
		}
		this.cancelled = true;
		// first, so that who hears of the end of the stream knows why
		this.request.context().cancel();
		if (this.over.completeExceptionally(cancelled())) {
			this.receiver.set(null);
			release();
		}
	}

	private void release() {
		this.idle.close();
		this.body.cancel();
	}

	// on the timer's thread, which must not run what the application does with it
	private void idled() {
		Runnable end = this.over.isDone() ? this::release
				: () -> fail(new RpcDeadlineExceededException(this.request + " gave no item for "
						+ this.request.settings().streamIdleTimeout().toMillis() + "ms (stream.idle-timeout)",
						Execution.UNKNOWN, null));
		this.request.context().execute(end);
	}

	private Exception late() {
		return this.request.context().isCancelled() ? cancelled() : new RpcDeadlineExceededException(
				this.request + " gave its first item after its deadline", Execution.UNKNOWN, null);
	}

	private CancellationException cancelled() {
		return new CancellationException(this.request + " was cancelled while it was streaming");
	}

	@Override
	public CompletableFuture<@Nullable Void> over() {
		return this.over.copy();
	}

	/**
	 * Reads the response object that is the data of an event.
	 */
	@FunctionalInterface
	interface EventDecoder {

		/**
		 * Returns its result.
		 * @throws Throwable the failure that it stands for
		 */
		EncodedResult decode(byte[] data) throws Throwable;

	}

	private final class Pieces implements Receiver<byte[]> {

		@Override
		public void item(byte[] piece) {
			if (EventItems.this.over.isCompletedExceptionally()) {
				return;
			}
			EventItems.this.reader.feed(piece);
			if (EventItems.this.over.isDone()) {
				drain();
			}
			else {
				read();
			}
		}

		@Override
		public void end() {
			EventItems.this.idle.close();
			fail(new RpcConnectionException(EventItems.this.request + ": the stream ended without its end event",
					null));
		}

		@Override
		public void failed(Throwable failure) {
			EventItems.this.idle.close();
			fail(failure);
		}

	}

}
