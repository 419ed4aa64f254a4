package dev.rpcboot.benchmark.limit;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

import java.util.function.Supplier;

/**
 * Channels that hand whole frames to a handler, without the bytes that tell their length.
 */
final class FramesOnly extends ChannelInitializer<SocketChannel> {

	private final Supplier<ChannelHandler> handler;

	FramesOnly(Supplier<ChannelHandler> handler) {
		this.handler = handler;
	}

	@Override
	protected void initChannel(SocketChannel channel) {
		channel.pipeline()
			.addLast(new LengthFieldBasedFrameDecoder(1024 * 1024, 0, 4, 0, 4))
			.addLast(this.handler.get());
	}

}
