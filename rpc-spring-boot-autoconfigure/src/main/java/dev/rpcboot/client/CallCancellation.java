package dev.rpcboot.client;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/**
 * Tells a server that its caller has cancelled a call, by the notification
 * {@code rpc.cancel} with the id that the call went with: closing the connection is not
 * enough for every server. Nobody waits for it, and nobody is told if it is lost. Safe
 * for concurrent use.
 */
final class CallCancellation {

	private static final Logger logger = LoggerFactory.getLogger(CallCancellation.class);

	private static final String METHOD = "rpc.cancel";

	private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(2);

	private static final Duration MOST_TIMEOUT = Duration.ofSeconds(30);

	private static final int MAX_CONNECTIONS = 16;

	private static final DataSize MAX_ANSWER = DataSize.ofKilobytes(64);

	private final RpcTransport transport;

	private final CallIds ids = new CallIds();

	CallCancellation(RpcTransport transport) {
		this.transport = transport;
	}

	/**
	 * An id for a call that can be cancelled, or {@code null}: a one-way call is not its
	 * caller's any more once it was accepted.
	 */
	@Nullable String idFor(RpcRequest request) {
		return request.method().oneWay() ? null : this.ids.next();
	}

	/**
	 * Tells the server if the call is cancelled while it or its stream is under way, or
	 * if the stream is given up for another reason that the server does not know of. Of
	 * the deadline it does.
	 */
	void watch(CompletableFuture<RpcResponse> response, RpcRequest request, String id, RpcTransport.Message message) {
		RpcResponse.whenOver(response, (answered, failure) -> {
			CallContext context = request.context();
			boolean streamed = !response.isCompletedExceptionally();
			if (failure != null && context.isSent() && (context.isCancelled() || (streamed && isGivenUp(failure)))) {
				send(request, id, message);
			}
		});
	}

	/**
	 * Whether it is this side that ends a stream: it is idle, or cannot be understood.
	 */
	private static boolean isGivenUp(Throwable failure) {
		return failure instanceof RpcDeadlineExceededException || failure instanceof RpcProtocolException;
	}

	private void send(RpcRequest request, String id, RpcTransport.Message message) {
		Duration timeout = timeout(request);
		CallContext context = new CallContext(Deadline.after(timeout, NanoClock.SYSTEM), false, Runnable::run);
		try {
			this.transport.exchange(notification(request, id, message, timeout), context)
				.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
				.whenComplete((answer, failure) -> {
					context.expire();
					if (answer == null || answer.status() != 204) {
						logger.debug("The server may not know that {} was cancelled: {}", request,
								(answer != null) ? "it answered " + answer.status() : failure);
					}
				});
		}
		// such as a transport that is closed: the caller has given the call up and gets
		// to
		// see nothing of this
		catch (RuntimeException ex) {
			logger.debug("The server does not know that {} was cancelled", request, ex);
		}
	}

	/**
	 * As long as the call would have run: of many that are cancelled at once, the last is
	 * told late, but still in time.
	 */
	private static Duration timeout(RpcRequest request) {
		Duration left = request.context().remaining();
		if (left.compareTo(MOST_TIMEOUT) > 0) {
			return MOST_TIMEOUT;
		}
		return (left.compareTo(LEAST_TIMEOUT) < 0) ? LEAST_TIMEOUT : left;
	}

	private static RpcTransport.Message notification(RpcRequest request, String id, RpcTransport.Message message,
			Duration timeout) {
		// as interceptors made them, credentials among them, without what was about the
		// call's own body and answer
		RpcHeaders headers = request.headers()
			.with(RpcHeaders.TIMEOUT, Long.toString(timeout.toMillis()))
			.with(RpcHeaders.METHOD, METHOD);
		String body = "{\"jsonrpc\":\"2.0\",\"method\":\"" + METHOD + "\",\"params\":[\"" + id + "\"]}";
		return new RpcTransport.Message(message.uri(), headers, body.getBytes(StandardCharsets.US_ASCII),
				settings(message.settings()), METHOD + " of " + message.description());
	}

	/**
	 * Other settings, and so connections of its own: those of the calls may all be busy,
	 * perhaps with what is to be cancelled.
	 */
	private static RpcTransport.Settings settings(RpcTransport.Settings calls) {
		return new RpcTransport.Settings(calls.connectTimeout(), Math.min(calls.maxConnections(), MAX_CONNECTIONS),
				calls.idleTimeout(), MAX_ANSWER, calls.sslBundle(), calls.http2());
	}

}
