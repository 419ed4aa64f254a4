package dev.rpcboot.server.webflux;

import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * The connection behind a request on Netty. A class of its own, because other servers can
 * stand behind WebFlux.
 */
final class NettyConnection {

	private NettyConnection() {
	}

	/**
	 * Closes it with all that waits to be written; does nothing on another server.
	 */
	static void close(ServerHttpRequest request) {
		Object server = ServerHttpRequestDecorator.getNativeRequest(request);
		if (server instanceof HttpServerRequest netty) {
			netty.withConnection(DisposableChannel::dispose);
		}
	}

}
