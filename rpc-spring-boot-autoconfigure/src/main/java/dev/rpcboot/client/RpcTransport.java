package dev.rpcboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Carries encoded requests to instances and brings back what they answer. Safe for
 * concurrent use. It sends every request at most once, follows no redirect and keeps no
 * cookies.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RpcTransport {

	/**
	 * Sends one request. If {@link CallContext#isBlocking()}, all is done on the calling
	 * thread and the future is complete on return; else nothing blocks. When the context
	 * ends, the exchange is ended, whatever it is doing. An answer of successful status
	 * and type {@code text/event-stream} is handed over as soon as its head is there,
	 * where the context does not block.
	 * @return completes with whatever was answered, of any status; or fails with
	 * {@link dev.rpcboot.RpcUnavailableException} if there was no connection,
	 * {@link dev.rpcboot.RpcConnectionException} if it was lost,
	 * {@link dev.rpcboot.RpcDeadlineExceededException}, a
	 * {@link java.util.concurrent.CancellationException} if the caller gave up, or
	 * {@link dev.rpcboot.RpcProtocolException} if the answer was no HTTP or above the
	 * limit
	 */
	CompletableFuture<Answer> exchange(Message message, CallContext context);

	/**
	 * One encoded request.
	 *
	 * @param uri where to send it
	 * @param headers its headers, without those of HTTP's framing
	 * @param body its body; not changed afterwards
	 * @param settings how to reach the target
	 * @param description of the call, for messages: {@code Stock/find on warehouse}
	 */
	record Message(URI uri, RpcHeaders headers, byte[] body, Settings settings, String description) {
	}

	/**
	 * One answer: wholly received, or a stream of events whose head was.
	 *
	 * @param status the HTTP status
	 * @param headers its headers
	 * @param body its body, empty if there was none
	 * @param events the body of a {@code text/event-stream}, in pieces as they come, or
	 * {@code null} for every other answer; the connection is given back at its end, and
	 * closed when it is cancelled or the context ends
	 */
	record Answer(int status, RpcHeaders headers, byte[] body, @Nullable ItemSource<byte[]> events) {

		/** An answer that was wholly received. */
		public Answer(int status, RpcHeaders headers, byte[] body) {
			this(status, headers, body, null);
		}

	}

	/**
	 * How to reach a target. Calls with equal settings share connections.
	 *
	 * @param connectTimeout longest time for one connection to be made
	 * @param maxConnections most connections to one instance at a time
	 * @param idleTimeout how long an unused connection is kept; below that of the server
	 * @param maxAnswerSize largest body of an answer
	 * @param sslBundle name of the SSL bundle for {@code https}, or {@code null} for the
	 * JDK's own trust store
	 * @param http2 whether calls that do not block travel by HTTP/2, at most
	 * {@code maxConnections} at a time over one connection to an instance
	 */
	record Settings(Duration connectTimeout, int maxConnections, Duration idleTimeout, DataSize maxAnswerSize,
			@Nullable String sslBundle, boolean http2) {

		/** Over HTTP/1.1. */
		public Settings(Duration connectTimeout, int maxConnections, Duration idleTimeout, DataSize maxAnswerSize,
				@Nullable String sslBundle) {
			this(connectTimeout, maxConnections, idleTimeout, maxAnswerSize, sslBundle, false);
		}

	}

}
