package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.client.transport.Attempt.Step;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * A connection over HTTP/2 while it is made: for all calls to an instance that wait for
 * it. It is made once the server has said how it wants to be talked to. Used on the event
 * loop alone.
 */
final class Http2Opening {

	private final Http2Instance instance;

	private final HttpHost host;

	private final Duration timeout;

	private final NameResolver names;

	private final @Nullable SslContext tls;

	private final EventLoop eventLoop;

	private @Nullable Future<?> timer;

	private @Nullable Channel channel;

	private boolean over;

	/**
	 * Prepares one.
	 * @param timeout longest time to connect, with TLS
	 * @param tls encrypts it, or {@code null} if it is not to be encrypted
	 */
	Http2Opening(Http2Instance instance, HttpHost host, Duration timeout, NameResolver names, @Nullable SslContext tls,
			EventLoop eventLoop) {
		this.instance = instance;
		this.host = host;
		this.timeout = timeout;
		this.names = names;
		this.tls = tls;
		this.eventLoop = eventLoop;
	}

	void start() {
		long end = System.nanoTime() + this.timeout.toNanos();
		this.timer = this.eventLoop.schedule(() -> fail(new SocketTimeoutException("No connection in time")),
				this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		this.instance.waitFor(Step.RESOLVE);
		this.names.resolve(this.host.getHostName()).whenCompleteAsync((addresses, failure) -> {
			if (failure != null) {
				fail(NameResolver.unwrap(failure));
			}
			else if (!this.over) {
				this.instance.waitFor(Step.CONNECT);
				connect(addresses, 0, end);
			}
		}, this.eventLoop);
	}

	/**
	 * Takes note that the server can be talked to, and has to say how: which it does on a
	 * thread of its own, not in its kernel, so that it may take longer than to connect.
	 */
	void connected() {
		if (this.over) {
			return;
		}
		stopTimer();
		this.timer = this.eventLoop.schedule(() -> fail(new NoHttp2Exception("the server said nothing in time", null)),
				Http2Liveness.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void connect(InetAddress[] addresses, int at, long end) {
		// so that the last has a share of the time, too
		long share = Math.max(0, end - System.nanoTime()) / (addresses.length - at);
		ChannelFuture connecting = new Bootstrap().group(this.eventLoop)
			.channel(NioSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.NANOSECONDS.toMillis(share) + 1)
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					talk(channel);
				}

			})
			.connect(new InetSocketAddress(addresses[at], this.host.getPort()));
		this.channel = connecting.channel();
		connecting.addListener((done) -> {
			if (!done.isSuccess() && !this.over) {
				if (at + 1 < addresses.length) {
					connect(addresses, at + 1, end);
				}
				else {
					fail(done.cause());
				}
			}
		});
	}

	private void talk(Channel channel) {
		// what several calls write goes out together
		channel.pipeline().addLast(new FlushConsolidationHandler(256, true));
		if (this.tls != null) {
			channel.pipeline().addLast(Http2Tls.handler(this.tls, this.host, channel.alloc()));
		}
		channel.pipeline().addLast(new Http2Connection(this.instance, this));
	}

	void opened(Http2Connection connection) {
		if (!this.over) {
			over();
			this.instance.opened(connection);
		}
	}

	void fail(Throwable cause) {
		if (!this.over) {
			close();
			this.instance.failed((cause instanceof ConnectTimeoutException)
					? new SocketTimeoutException(cause.getMessage()) : Http2Connection.exception(cause));
		}
	}

	/**
	 * Makes no connection any more.
	 */
	void close() {
		over();
		if (this.channel != null) {
			this.channel.close();
		}
	}

	private void over() {
		this.over = true;
		stopTimer();
	}

	private void stopTimer() {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
	}

}
