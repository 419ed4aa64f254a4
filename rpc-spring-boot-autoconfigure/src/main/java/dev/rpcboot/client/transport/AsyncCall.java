package dev.rpcboot.client.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.transport.Attempt.Step;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on the event loop: writes the request, collects the answer or hands over
 * its events, and gives the connection back once, whichever of the answer's end, failure
 * and end of the call comes first. The library calls it on one thread at a time; the call
 * may be ended on any.
 */
final class AsyncCall implements AsyncClientExchangeHandler {

	private final Attempt attempt;

	private final KeepAlive keepAlive;

	private final BiConsumer<AsyncConnectionEndpoint, TimeValue> release;

	private final CompletableFuture<Answer> answer = new CompletableFuture<>();

	private final BasicHttpRequest request;

	private final ByteBuffer unsent;

	private final ByteArrayOutputStream received = new ByteArrayOutputStream(512);

	private @Nullable HttpResponse response;

	private @Nullable EventBody events;

	private TimeValue keep = TimeValue.ZERO_MILLISECONDS;

	private @Nullable AsyncConnectionEndpoint endpoint;

	private boolean over;

	/** The events at the end, which are not handed over any more afterwards. */
	private @Nullable EventBody handedOver;

	/**
	 * Creates one.
	 * @param release takes the connection back, to be kept for a time or closed if it is
	 * zero
	 */
	AsyncCall(Attempt attempt, KeepAlive keepAlive, BiConsumer<AsyncConnectionEndpoint, TimeValue> release) {
		this.attempt = attempt;
		this.keepAlive = keepAlive;
		this.release = release;
		this.request = new BasicHttpRequest("POST", attempt.destination().path());
		HttpHeaders.write(this.request, attempt.message(), attempt.destination());
		this.unsent = ByteBuffer.wrap(attempt.message().body());
	}

	Attempt attempt() {
		return this.attempt;
	}

	CompletableFuture<Answer> answer() {
		return this.answer;
	}

	/**
	 * Takes over a connection, and gives it back if the call is over already.
	 */
	void hold(AsyncConnectionEndpoint endpoint) {
		synchronized (this) {
			if (!this.over) {
				this.endpoint = endpoint;
				return;
			}
		}
		this.release.accept(endpoint, TimeValue.ZERO_MILLISECONDS);
	}

	@Override
	public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
		// Not before: a pooled connection that the server has closed meanwhile ends here,
		// and then nothing was sent.
		this.attempt.enter(Step.EXCHANGE, this::cancel);
		this.attempt.context().markSent();
		BasicEntityDetails body = new BasicEntityDetails(this.unsent.remaining(), ContentType.APPLICATION_JSON);
		channel.sendRequest(this.request, body, context);
	}

	@Override
	public int available() {
		return this.unsent.remaining();
	}

	@Override
	public void produce(DataStreamChannel channel) throws IOException {
		if (this.unsent.hasRemaining()) {
			channel.write(this.unsent);
		}
		if (!this.unsent.hasRemaining()) {
			channel.endStream();
		}
	}

	@Override
	public void consumeInformation(HttpResponse response, HttpContext context) {
		// an interim answer answers nothing
	}

	@Override
	public void consumeResponse(HttpResponse response, @Nullable EntityDetails body, HttpContext context) {
		this.response = response;
		// what answers before it has read the request cannot be trusted to read on
		this.keep = this.unsent.hasRemaining() ? TimeValue.ZERO_MILLISECONDS
				: this.keepAlive.of(this.request, response, context);
		if (body == null) {
			succeed();
		}
		else if (response.getCode() < 300 && HttpHeaders.isOfType(response, EventBody.MEDIA_TYPE)) {
			EventBody events = new EventBody(this::cancel, this.attempt.context()::execute);
			Answer answer = new Answer(response.getCode(), HttpHeaders.read(response), new byte[0], events);
			if (handOver(events)) {
				this.attempt.context().execute(() -> this.answer.complete(answer));
			}
		}
		else if (body.getContentLength() > limit()) {
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

	@Override
	public void updateCapacity(CapacityChannel channel) throws IOException {
		if (this.events != null) {
			this.events.isFull(channel);
		}
		else {
			channel.update(Integer.MAX_VALUE);
		}
	}

	@Override
	public void consume(ByteBuffer bytes) {
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

	@Override
	public void streamEnd(@Nullable List<? extends Header> trailers) {
		succeed();
	}

	private void succeed() {
		HttpResponse response = this.response;
		if (response == null || !this.attempt.finish()) {
			cancel();
		}
		else if (end(this.keep)) {
			if (this.events != null) {
				this.events.end();
				return;
			}
			Answer answer = new Answer(response.getCode(), HttpHeaders.read(response), this.received.toByteArray());
			this.attempt.context().execute(() -> this.answer.complete(answer));
		}
	}

	@Override
	public void failed(Exception cause) {
		if (end(TimeValue.ZERO_MILLISECONDS)) {
			RuntimeException failure = Failures.translate(cause, this.attempt);
			this.attempt.finish();
			EventBody events = this.handedOver;
			if (events != null) {
				events.failed(failure);
			}
			else {
				this.attempt.context().execute(() -> this.answer.completeExceptionally(failure));
			}
		}
	}

	@Override
	public void cancel() {
		failed(new CancellationException("The exchange was ended"));
	}

	@Override
	public void releaseResources() {
		// the last that is heard of an exchange: after an answer it changes nothing
		cancel();
	}

	private boolean end(TimeValue keep) {
		AsyncConnectionEndpoint held;
		synchronized (this) {
			if (this.over) {
				return false;
			}
			this.over = true;
			this.handedOver = this.events;
			held = this.endpoint;
		}
		if (held != null) {
			this.release.accept(held, keep);
		}
		return true;
	}

}
