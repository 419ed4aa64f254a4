package dev.rpcboot.client.transport;

import java.util.concurrent.TimeUnit;

import dev.rpcboot.client.RpcTransport.Settings;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads of exchanges over HTTP/2. Stands for Netty, which need not be there, where
 * nobody asks for it.
 */
final class Http2Client implements AutoCloseable {

	private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(
			Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("rpc-client-http2", true),
			NioIoHandler.newFactory());

	/**
	 * Begins exchanges with settings of their own.
	 */
	NonBlockingExchange open(Settings settings, @Nullable TlsMaterial tls, NameResolver names, DrainedRoutes drained) {
		return new Http2Exchange(settings, Http2Tls.context(tls), names, drained, this.eventLoops);
	}

	@Override
	public void close() {
		this.eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
	}

}
