package dev.rpcboot.client.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server of a connection over HTTP/2 is there at all: a network that loses
 * everything looks like a server that is slow. Sees the bytes before the codec does. Used
 * on the event loop alone.
 */
final class Http2Liveness extends ChannelInboundHandlerAdapter {

	/**
	 * How long a server may say nothing that it is waited for: longer than it pauses, to
	 * collect garbage for example.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Consumer<Exception> lost;

	private @Nullable ChannelHandlerContext context;

	private boolean asking;

	private long heardAt = System.nanoTime();

	/**
	 * Creates one.
	 * @param lost is told if a ping is not answered
	 */
	Http2Liveness(Consumer<Exception> lost) {
		this.lost = lost;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object bytes) {
		this.heardAt = System.nanoTime();
		context.fireChannelRead(bytes);
	}

	/**
	 * Has the server show that it is there, if nothing was heard of it since then.
	 */
	void ask(long since) {
		if (this.asking || this.context == null || this.heardAt - since >= 0) {
			return;
		}
		this.asking = true;
		long asked = System.nanoTime();
		this.context.channel().writeAndFlush(new DefaultHttp2PingFrame(asked));
		this.context.executor().schedule(() -> {
			this.asking = false;
			if (this.heardAt - asked < 0) {
				this.lost.accept(new IOException("The server does not answer any more"));
			}
		}, PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
	}

}
