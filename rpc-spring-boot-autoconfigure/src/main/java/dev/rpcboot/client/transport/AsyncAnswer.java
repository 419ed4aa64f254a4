package dev.rpcboot.client.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.RpcTransport.Answer;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * What comes back of one exchange on the event loop: collects the answer or hands over
 * its events, and ends its use of a connection once, whichever of the answer's end,
 * failure and end of the call comes first. The event loop calls it on one thread at a
 * time; the call may be ended on any.
 */
final class AsyncAnswer {

	private final Attempt attempt;

	private final CompletableFuture<Answer> future = new CompletableFuture<>();

	private final ByteArrayOutputStream received = new ByteArrayOutputStream(512);

	private @Nullable HttpResponse response;

	private @Nullable EventBody events;

	private @Nullable Use use;

	private boolean over;

	/** The events at the end, which are not handed over any more afterwards. */
	private @Nullable EventBody handedOver;

	AsyncAnswer(Attempt attempt) {
		this.attempt = attempt;
	}

	Attempt attempt() {
		return this.attempt;
	}

	/**
	 * Completes on the executor of the call's context.
	 */
	CompletableFuture<Answer> future() {
		return this.future;
	}

	/**
	 * Begins to use a connection, and ends that at once if the call is over already.
	 */
	void hold(Use use) {
		synchronized (this) {
			if (!this.over) {
				this.use = use;
				return;
			}
		}
		use.end(false);
	}

	/**
	 * Takes status and headers.
	 * @param hasBody whether a body follows
	 * @param length size of the body, negative if nobody said
	 */
	void head(HttpResponse response, boolean hasBody, long length) {
		this.response = response;
		if (!hasBody) {
			end();
		}
		else if (response.getCode() < 300 && HttpHeaders.isOfType(response, EventBody.MEDIA_TYPE)) {
			EventBody events = new EventBody(this::cancel, this.attempt.context()::execute);
			Answer answer = new Answer(response.getCode(), HttpHeaders.read(response), new byte[0], events);
			if (handOver(events)) {
				this.attempt.context().execute(() -> this.future.complete(answer));
			}
		}
		else if (length > limit()) {
			failed(Failures.tooLarge(this.attempt));
		}
	}

	/**
	 * Sees to it that whatever ends the exchange from now on ends the events.
	 * @return whether nothing has ended it already
	 */
	private synchronized boolean handOver(EventBody events) {
		this.events = events;
		return !this.over;
	}

	/**
	 * Whether it is handed over while it comes.
	 */
	boolean isStreaming() {
		return this.events != null;
	}

	/**
	 * Says by the channel how much more of the body may come, now or later.
	 */
	void updateCapacity(CapacityChannel channel) throws IOException {
		if (this.events != null) {
			this.events.isFull(channel);
		}
		else {
			channel.update(Integer.MAX_VALUE);
		}
	}

	/**
	 * Takes a part of the body.
	 */
	void consume(ByteBuffer bytes) {
		if (this.events != null) {
			this.events.add(copy(bytes));
			return;
		}
		if (this.received.size() + (long) bytes.remaining() > limit()) {
			failed(Failures.tooLarge(this.attempt));
			return;
		}
		this.received.writeBytes(copy(bytes));
	}

	private static byte[] copy(ByteBuffer bytes) {
		byte[] copy = new byte[bytes.remaining()];
		bytes.get(copy);
		return copy;
	}

	private long limit() {
		return this.attempt.settings().maxAnswerSize().toBytes();
	}

	/**
	 * Takes note that the answer is complete.
	 */
	void end() {
		HttpResponse response = this.response;
		if (response == null || !this.attempt.finish()) {
			cancel();
		}
		else if (end(true)) {
			if (this.events != null) {
				this.events.end();
				return;
			}
			Answer answer = new Answer(response.getCode(), HttpHeaders.read(response), this.received.toByteArray());
			this.attempt.context().execute(() -> this.future.complete(answer));
		}
	}

	void failed(Exception cause) {
		if (end(false)) {
			RuntimeException failure = Failures.translate(cause, this.attempt);
			this.attempt.finish();
			EventBody events = this.handedOver;
			if (events != null) {
				events.failed(failure);
			}
			else {
				this.attempt.context().execute(() -> this.future.completeExceptionally(failure));
			}
		}
	}

	synchronized boolean isOver() {
		return this.over;
	}

	/**
	 * Ends the exchange; after an answer it changes nothing.
	 */
	void cancel() {
		failed(new CancellationException("The exchange was ended"));
	}

	private boolean end(boolean complete) {
		Use ended;
		synchronized (this) {
			if (this.over) {
				return false;
			}
			this.over = true;
			this.handedOver = this.events;
			ended = this.use;
		}
		if (ended != null) {
			ended.end(complete);
		}
		return true;
	}

	/**
	 * The use of a connection by one exchange.
	 */
	@FunctionalInterface
	interface Use {

		/**
		 * Ends it.
		 * @param complete whether all of the answer has come
		 */
		void end(boolean complete);

	}

}
