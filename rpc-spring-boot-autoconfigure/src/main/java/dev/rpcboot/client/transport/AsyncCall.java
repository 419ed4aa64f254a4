package dev.rpcboot.client.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

import dev.rpcboot.client.transport.Attempt.Step;
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
 * One exchange over HTTP/1.1 on the event loop: writes the request, and hands on what
 * comes back.
 */
final class AsyncCall implements AsyncClientExchangeHandler {

	private final AsyncAnswer answer;

	private final KeepAlive keepAlive;

	private final BasicHttpRequest request;

	private final ByteBuffer unsent;

	private TimeValue keep = TimeValue.ZERO_MILLISECONDS;

	AsyncCall(AsyncAnswer answer, KeepAlive keepAlive) {
		this.answer = answer;
		this.keepAlive = keepAlive;
		Attempt attempt = answer.attempt();
		this.request = new BasicHttpRequest("POST", attempt.destination().path());
		HttpHeaders.write(this.request, attempt.message(), attempt.destination());
		this.unsent = ByteBuffer.wrap(attempt.message().body());
	}

	Attempt attempt() {
		return this.answer.attempt();
	}

	AsyncAnswer answer() {
		return this.answer;
	}

	/**
	 * For how long the connection may be kept after a complete answer; zero if it must be
	 * closed.
	 */
	TimeValue keep() {
		return this.keep;
	}

	@Override
	public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
		// Not before: a pooled connection that the server has closed meanwhile ends here,
		// and then nothing was sent.
		attempt().enter(Step.EXCHANGE, this::cancel);
		attempt().context().markSent();
		// whoever ended the call before that may have said that nothing was sent
		attempt().check();
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
		// what answers before it has read the request cannot be trusted to read on
		this.keep = this.unsent.hasRemaining() ? TimeValue.ZERO_MILLISECONDS
				: this.keepAlive.of(this.request, response, context);
		this.answer.head(response, body != null, (body != null) ? body.getContentLength() : 0);
	}

	@Override
	public void updateCapacity(CapacityChannel channel) throws IOException {
		this.answer.updateCapacity(channel);
	}

	@Override
	public void consume(ByteBuffer bytes) {
		this.answer.consume(bytes);
	}

	@Override
	public void streamEnd(@Nullable List<? extends Header> trailers) {
		this.answer.end();
	}

	@Override
	public void failed(Exception cause) {
		this.answer.failed(cause);
	}

	@Override
	public void cancel() {
		this.answer.cancel();
	}

	@Override
	public void releaseResources() {
		// the last that is heard of an exchange: after an answer it changes nothing
		cancel();
	}

}
