package dev.rpcboot.client.transport;

import java.net.SocketAddress;
import java.util.concurrent.Future;

import org.apache.hc.core5.concurrent.CallbackContribution;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection while it is made: closes it whenever it comes, once it is not wanted any
 * more, also between the TCP and the TLS handshake.
 */
final class Opening implements ConnectionInitiator {

	private final ConnectionInitiator eventLoop;

	private @Nullable IOSession session;

	private boolean closed;

	Opening(ConnectionInitiator eventLoop) {
		this.eventLoop = eventLoop;
	}

	@Override
	public Future<IOSession> connect(NamedEndpoint remoteEndpoint, SocketAddress remoteAddress,
			@Nullable SocketAddress localAddress, Timeout timeout, @Nullable Object attachment,
			FutureCallback<IOSession> callback) {
		return this.eventLoop.connect(remoteEndpoint, remoteAddress, localAddress, timeout, attachment,
				new CallbackContribution<IOSession>(callback) {

					@Override
					public void completed(IOSession session) {
						opened(session);
						callback.completed(session);
					}

				});
	}

	private synchronized void opened(IOSession session) {
		this.session = session;
		if (this.closed) {
			session.close(CloseMode.IMMEDIATE);
		}
	}

	synchronized void close() {
		this.closed = true;
		if (this.session != null) {
			this.session.close(CloseMode.IMMEDIATE);
		}
	}

}
