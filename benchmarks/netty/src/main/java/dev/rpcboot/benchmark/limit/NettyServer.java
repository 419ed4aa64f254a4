package dev.rpcboot.benchmark.limit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * Answers on the event loop; a slow answer waits in its timer.
 */
public final class NettyServer implements PeerServer {

	@Override
	public int start() throws InterruptedException {
		Channel channel = new ServerBootstrap().group(new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()))
			.channel(NioServerSocketChannel.class)
			.childHandler(new FramesOnly(Answering::new))
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.sync()
			.channel();
		return ((InetSocketAddress) channel.localAddress()).getPort();
	}

	private static final class Answering extends SimpleChannelInboundHandler<ByteBuf> {

		@Override
		protected void channelRead0(ChannelHandlerContext context, ByteBuf request) {
			Operation operation = Frames.operation(request.getByte(0));
			if (operation.isSlow()) {
				context.executor().schedule(() -> answer(context, operation), 10, TimeUnit.MILLISECONDS);
			}
			else {
				answer(context, operation);
			}
		}

		private static void answer(ChannelHandlerContext context, Operation operation) {
			context.writeAndFlush(Unpooled.wrappedBuffer(Frames.answer(operation)));
		}

	}

}
