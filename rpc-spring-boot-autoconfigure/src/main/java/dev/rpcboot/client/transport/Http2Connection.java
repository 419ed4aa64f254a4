package dev.rpcboot.client.transport;

import javax.net.ssl.SSLException;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.jspecify.annotations.Nullable;

/**
 * A connection over HTTP/2, which takes calls until it is retired and is closed when the
 * last has left it. Used on its event loop alone.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {

	/**
	 * Resets that a server stands: those against which it defends itself are of an
	 * attacker who begins streams in order to reset them. Netty allows 200 within half a
	 * minute.
	 */
	private static final int MAX_RESETS = 100;

	/** Tomcat allows two for five requests. */
	private static final int REQUESTS_PER_RESET = 4;

	/** Before the identifiers of streams, every second of 31 bits, come to an end. */
	private static final int MAX_CALLS = 1 << 29;

	private final Http2Instance instance;

	private final Http2Opening opening;

	private final Http2Liveness liveness = new Http2Liveness(this::lost);

	private final Http2FrameCodec codec;

	private final long openedAt = System.currentTimeMillis();

	private @Nullable Channel channel;

	private @Nullable Http2StreamChannelBootstrap streams;

	private boolean agreed;

	private boolean retired;

	private int begun;

	private int underWay;

	private int resets;

	private @Nullable Throwable reason;

	/**
	 * Creates one that is not connected yet.
	 */
	Http2Connection(Http2Instance instance, Http2Opening opening) {
		this.instance = instance;
		this.opening = opening;
		this.codec = Http2Messages.codec(instance::advanceLater);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.channel = context.channel();
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		if (context.pipeline().get(SslHandler.class) == null) {
			talk(context);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
		if (event instanceof SslHandshakeCompletionEvent handshake) {
			if (!handshake.isSuccess()) {
				this.opening.fail(handshake.cause());
			}
			else if (Http2Tls.isAgreed(context.pipeline().get(SslHandler.class))) {
				talk(context);
			}
			else {
				this.opening.fail(new NoHttp2Exception("the server did not agree to it in the handshake", null));
			}
		}
		super.userEventTriggered(context, event);
	}

	private void talk(ChannelHandlerContext context) {
		this.opening.connected();
		context.pipeline().addFirst(this.liveness);
		context.pipeline().addBefore(context.name(), null, this.codec);
		context.pipeline().addBefore(context.name(), null, new Http2MultiplexHandler(new Pushed()));
		this.streams = new Http2StreamChannelBootstrap(context.channel());
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object frame) throws Exception {
		if (frame instanceof Http2SettingsFrame) {
			if (this.agreed) {
				this.instance.advance();
			}
			else {
				this.agreed = true;
				Http2Messages.enlargeWindow(this.codec);
				this.opening.opened(this);
			}
		}
		else if (frame instanceof Http2GoAwayFrame) {
			retire();
			this.instance.advance();
		}
		ReferenceCountUtil.release(frame);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (!(cause instanceof Http2Exception)) {
			lost(cause);
			return;
		}
		// Netty says why, and ends it
		this.retired = true;
		if (this.reason == null) {
			this.reason = cause;
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		if (this.agreed) {
			this.instance.lost(this);
		}
		else {
			Exception reason = reason();
			this.opening.fail((reason instanceof SSLException) ? reason
					: new NoHttp2Exception("the server said something else, or nothing", reason));
		}
	}

	/**
	 * When it was made, by the wall clock.
	 */
	long openedAt() {
		return this.openedAt;
	}

	/**
	 * Whether it takes calls, now or later.
	 */
	boolean isUsable() {
		return !this.retired && this.channel != null && this.channel.isActive();
	}

	/**
	 * Whether it has borne a call.
	 */
	boolean isUsed() {
		return this.begun > 0;
	}

	/**
	 * Whether the server takes one call more now.
	 */
	boolean hasRoom() {
		return this.codec.connection().local().canOpenStream();
	}

	void send(Http2Call call) {
		if (this.streams == null || !call.begin(this)) {
			return;
		}
		this.begun++;
		this.underWay++;
		if (this.begun == MAX_CALLS) {
			this.retired = true;
		}
		Future<Http2StreamChannel> opened = this.streams.handler(call).open();
		// on the event loop it is done at once
		if (opened.isSuccess()) {
			call.write(opened.getNow());
		}
		else {
			call.failed(new NotProcessedException("no stream could be begun: " + opened.cause()));
		}
	}

	/**
	 * Takes note that a call is over.
	 * @param complete whether its answer was received
	 */
	void ended(Http2Call call, boolean complete) {
		this.underWay--;
		if (call.isOpen()) {
			if (complete || mayReset() || call.isStreaming()) {
				call.close();
			}
			if (!complete) {
				this.liveness.ask(call.sentAt());
			}
		}
		leave();
	}

	/**
	 * Whether the server stands one more reset. Else the stream ends as it would; nobody
	 * listens.
	 */
	private boolean mayReset() {
		if (this.resets == MAX_RESETS || this.resets > this.begun / REQUESTS_PER_RESET) {
			this.retired = true;
			return false;
		}
		this.resets++;
		return true;
	}

	/**
	 * Takes no more calls.
	 */
	void retire() {
		this.retired = true;
		leave();
	}

	private void leave() {
		if (this.retired && this.underWay == 0 && this.channel != null && this.channel.isActive()) {
			this.channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
			this.channel.close();
		}
	}

	/** Closes the connection without a word, for there is nobody who would hear it. */
	private void lost(Throwable cause) {
		if (this.reason == null) {
			this.reason = cause;
		}
		if (this.channel != null && this.channel.isActive()) {
			this.channel.pipeline().firstContext().close();
		}
	}

	/**
	 * Why the connection was lost.
	 */
	Exception reason() {
		return (this.reason != null) ? exception(this.reason)
				: new ConnectionClosedException("The server closed the connection");
	}

	/**
	 * What a failure of Netty's is to those who know nothing of Netty.
	 */
	static Exception exception(Throwable failure) {
		if (failure instanceof Http2Exception) {
			return new MalformedAnswerException(String.valueOf(failure.getMessage()), failure);
		}
		if (failure instanceof DecoderException && failure.getCause() != null) {
			return exception(failure.getCause());
		}
		return (failure instanceof Exception exception) ? exception : new IllegalStateException(failure);
	}

	/**
	 * A stream that the server began, which it may not: there is never one.
	 */
	@ChannelHandler.Sharable
	private static final class Pushed extends ChannelInboundHandlerAdapter {

	}

}
