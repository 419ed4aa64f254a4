package dev.rpcboot.benchmark.limit;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.rpcboot.benchmark.peer.Operation;
import dev.rpcboot.benchmark.peer.PeerClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One call at a time on each of the connections; others wait in a queue, without a
 * thread.
 */
public final class NettyClient implements PeerClient {

	private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());

	private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

	private final Queue<Call> waiting = new ConcurrentLinkedQueue<>();

	/**
	 * Connects.
	 */
	public NettyClient(int port) throws InterruptedException {
		for (int i = 0; i < CONNECTIONS; i++) {
			Connection connection = new Connection();
			new Bootstrap().group(this.loops)
				.channel(NioSocketChannel.class)
				.handler(new FramesOnly(() -> connection))
				.connect(InetAddress.getLoopbackAddress(), port)
				.sync();
			this.idle.add(connection);
		}
	}

	@Override
	public Object call(Operation operation) {
		return callAsync(operation).join();
	}

	@Override
	public CompletableFuture<?> callAsync(Operation operation) {
		Call call = new Call(operation, new CompletableFuture<>());
		this.waiting.add(call);
		serveWaiting();
		return call.answer();
	}

	private void serveWaiting() {
		Connection connection;
		while (!this.waiting.isEmpty() && (connection = this.idle.poll()) != null) {
			Call call = this.waiting.poll();
			if (call != null) {
				connection.send(call);
			}
			else {
				this.idle.add(connection);
			}
		}
	}

	@Override
	public ByteBuffer expected(Operation operation) {
		// the decoder has taken the length off
		return ByteBuffer.wrap(Frames.answer(operation)).position(4).slice();
	}

	@Override
	public void close() {
		this.loops.shutdownGracefully();
	}

	private record Call(Operation operation, CompletableFuture<ByteBuffer> answer) {
	}

	private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {

		private @Nullable Channel channel;

		private volatile @Nullable Call call;

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			this.channel = context.channel();
		}

		void send(Call call) {
			this.call = call;
			Channel channel = this.channel;
			if (channel == null) {
				throw new IllegalStateException("Not connected");
			}
			channel.writeAndFlush(Unpooled.wrappedBuffer(Frames.request(call.operation())));
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, ByteBuf answer) {
			Call call = this.call;
			if (call == null) {
				throw new IllegalStateException("Nobody has asked");
			}
			ByteBuffer received = answer.nioBuffer();
			ByteBuffer expected = expected(call.operation());
			NettyClient.this.idle.add(this);
			serveWaiting();
			// compared here: the buffer goes back to its pool
			call.answer().complete(received.equals(expected) ? expected : ByteBuffer.allocate(0));
		}

	}

}
