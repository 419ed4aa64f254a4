package dev.rpcboot.client.transport;

import java.io.IOException;
import java.util.concurrent.CancellationException;

import dev.rpcboot.client.transport.Attempt.Step;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange over HTTP/2, from waiting for its turn to the end of the answer. Used on
 * the event loop alone, but for its end and while it waits to be accepted there.
 */
final class Http2Call extends ChannelInboundHandlerAdapter implements AsyncAnswer.Use {

	private final AsyncAnswer answer;

	private final Owner owner;

	private @Nullable Http2Connection connection;

	private @Nullable Channel stream;

	private @Nullable ChannelFuture sent;

	private long sentAt;

	private boolean answered;

	private boolean streaming;

	Http2Call(AsyncAnswer answer, Owner owner) {
		this.answer = answer;
		this.owner = owner;
	}

	/**
	 * Says what the call is waiting for, unless it does not wait any more.
	 */
	void waitFor(Step step) {
		try {
			this.answer.attempt().enter(step, this.answer::cancel);
		}
		catch (CancellationException ex) {
			// it has ended, and whoever ended it says so
		}
	}

	/**
	 * Begins to be sent by a connection.
	 * @return whether it still is to be sent
	 */
	boolean begin(Http2Connection connection) {
		try {
			this.answer.attempt().enter(Step.EXCHANGE, this.answer::cancel);
		}
		catch (CancellationException ex) {
			return false;
		}
		this.connection = connection;
		return true;
	}

	/**
	 * Sends the request: from here on nobody can say that the server did not see it.
	 */
	void write(Channel stream) {
		Attempt attempt = this.answer.attempt();
		this.stream = stream;
		this.sentAt = System.nanoTime();
		attempt.context().markSent();
		try {
			// whoever ended the call before that may have said that nothing was sent
			attempt.check();
		}
		catch (CancellationException ex) {
			return;
		}
		stream
			.write(new DefaultHttp2HeadersFrame(Http2Messages.request(attempt.message(), attempt.destination()), false))
			.addListener((written) -> {
				if (!written.isSuccess()) {
					notWritten(written.cause());
				}
			});
		this.sent = stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(attempt.message().body()), true));
		stream.flush();
	}

	private void notWritten(Throwable cause) {
		if (cause instanceof Http2Exception.HeaderListSizeException) {
			failed(new NotProcessedException("its headers are larger than the server takes"));
		}
		else {
			failed(new IOException("The request could not be sent", cause));
		}
	}

	long sentAt() {
		return this.sentAt;
	}

	/** Whether the answer is a stream of events. */
	boolean isStreaming() {
		return this.streaming;
	}

	boolean isOver() {
		return this.answer.isOver();
	}

	void failed(Exception cause) {
		this.answer.failed(cause);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object frame) {
		try {
			if (frame instanceof Http2HeadersFrame head) {
				head(context.channel(), head);
			}
			else if (frame instanceof Http2DataFrame data) {
				if (!this.answered) {
					throw new ProtocolException("A body without a head");
				}
				this.answer.consume(data.content().nioBuffer());
				if (data.isEndStream()) {
					this.answer.end();
				}
			}
		}
		catch (HttpException ex) {
			failed(ex);
		}
		finally {
			ReferenceCountUtil.release(frame);
		}
	}

	private void head(Channel stream, Http2HeadersFrame frame) throws HttpException {
		if (this.answered) {
			// trailers: they say nothing of the call
			this.answer.end();
			return;
		}
		HttpResponse response = Http2Messages.response(frame.headers());
		if (response.getCode() >= 200) {
			this.answered = true;
			this.answer.head(response, !frame.isEndStream(), -1);
			this.streaming = this.answer.isStreaming();
			stream.config().setAutoRead(!this.streaming);
		}
		else if (frame.isEndStream()) {
			throw new ProtocolException("An answer that ends before its head");
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) throws IOException {
		if (this.streaming && !isOver()) {
			this.answer.updateCapacity((room) -> context.channel().read());
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event instanceof Http2ResetFrame reset) {
			this.stream = null;
			failed((reset.errorCode() == Http2Error.REFUSED_STREAM.code() && !this.answered)
					? new NotProcessedException("the server refused the stream")
					: new H2StreamResetException((int) reset.errorCode(), "The server reset the stream"));
		}
		else if (event instanceof Http2GoAwayFrame) {
			this.stream = null;
			retire();
			failed(new NotProcessedException("the server is going away"));
		}
		context.fireUserEventTriggered(event);
	}

	/** Sees to it that no other call is sent by the connection. */
	private void retire() {
		if (this.connection != null) {
			this.connection.retire();
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (!(cause instanceof Http2Exception)) {
			retire();
		}
		failed(Http2Connection.exception(cause));
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.connection != null) {
			failed(this.connection.reason());
		}
	}

	@Override
	public void end(boolean complete) {
		this.owner.ended(this, complete);
	}

	/**
	 * Gives back what it has of the connection.
	 */
	void leave(boolean complete) {
		if (this.connection != null) {
			this.connection.ended(this, complete);
		}
	}

	/** Whether there is anything to close. */
	boolean isOpen() {
		return this.stream != null && this.stream.isActive();
	}

	/**
	 * Ends the stream, if the server did not.
	 */
	void close() {
		if (this.stream != null) {
			if (this.sent != null && !this.sent.isDone()) {
				// answered before it was read: the rest would wait for leave to be sent
				this.stream.write(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
			}
			this.stream.close();
		}
	}

	/**
	 * Who has to know that a call is over. Is told on any thread.
	 */
	@FunctionalInterface
	interface Owner {

		void ended(Http2Call call, boolean complete);

	}

}
