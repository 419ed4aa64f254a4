package dev.rpcboot.client.transport;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.util.Timeout;

/**
 * One sending of one message: where it goes, how far it came, and what its failure means
 * to the caller. The one place where failures of the HTTP library are translated.
 */
final class Attempt {

	private final Message message;

	private final Destination destination;

	private final CallContext context;

	private volatile boolean sent;

	Attempt(Message message, CallContext context) {
		this.message = message;
		this.destination = Destination.of(message.uri());
		this.context = context;
	}

	Message message() {
		return this.message;
	}

	Settings settings() {
		return this.message.settings();
	}

	Destination destination() {
		return this.destination;
	}

	CallContext context() {
		return this.context;
	}

	/**
	 * Asks before new work is begun.
	 * @throws CancellationException if nobody waits for the answer any more
	 */
	void checkWanted() {
		if (this.context.isDone()) {
			throw new CancellationException("The call is over");
		}
	}

	/**
	 * Notes that the first byte may leave from now on.
	 */
	void markSent() {
		this.sent = true;
		this.context.markSent();
	}

	/**
	 * Time left for the call, rounded up: not to give up before the deadline.
	 */
	Timeout remaining() {
		return millisUp(this.context.remaining());
	}

	Timeout connectTimeout() {
		return millisUp(shorter(settings().connectTimeout(), this.context.remaining()));
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	private static Timeout millisUp(Duration duration) {
		return Timeout.ofMilliseconds(duration.plusNanos(999_999).toMillis());
	}

	RpcProtocolException tooLarge() {
		return new RpcProtocolException(
				text("answered with more than the limit of " + settings().maxAnswerSize() + " (max-answer-size)"),
				Execution.EXECUTED, null);
	}

	/**
	 * What the caller is told of a failure.
	 */
	RuntimeException translate(Throwable failure) {
		if (failure instanceof RpcException known) {
			return known;
		}
		if (isInterrupt(failure)) {
			Thread.currentThread().interrupt();
			this.context.cancel();
		}
		if (this.context.isCancelled()) {
			CancellationException cancelled = new CancellationException(text("was cancelled"));
			cancelled.initCause(failure);
			return cancelled;
		}
		if (this.context.isDone() || failure instanceof TimeoutException) {
			return deadlineExceeded(failure);
		}
		return this.sent ? afterSending(failure) : beforeSending(failure);
	}

	private boolean isInterrupt(Throwable failure) {
		// an interrupted channel is closed, and some of its failures say no more than
		// that
		return failure instanceof InterruptedException
				|| (this.context.isBlocking() && Thread.currentThread().isInterrupted());
	}

	private RpcDeadlineExceededException deadlineExceeded(Throwable failure) {
		if (this.context.isSent()) {
			return new RpcDeadlineExceededException(text("gave no answer before the deadline"), Execution.UNKNOWN,
					failure);
		}
		String what = (failure instanceof TimeoutException) ? "had none of its " + settings().maxConnections()
				+ " connections (max-connections) free before the " + "deadline"
				: "could not be sent anything before the deadline";
		return new RpcDeadlineExceededException(text(what), Execution.NOT_EXECUTED, failure);
	}

	private RpcException beforeSending(Throwable failure) {
		return new RpcUnavailableException(text(connectFailure(failure)), RpcUnavailableException.Reason.CONNECT_FAILED,
				failure);
	}

	private String connectFailure(Throwable failure) {
		if (failure instanceof SocketTimeoutException) {
			return "made no connection within " + settings().connectTimeout().toMillis() + "ms (connect-timeout)";
		}
		if (failure instanceof UnknownHostException) {
			return "has no known address";
		}
		if (failure instanceof SSLException) {
			return "failed the TLS handshake: " + failure.getMessage();
		}
		return (failure instanceof ConnectException) ? "refused the connection" : "could not be connected to";
	}

	private RpcException afterSending(Throwable failure) {
		boolean garbled = failure instanceof HttpException || failure instanceof MessageConstraintException
				|| failure instanceof MalformedChunkCodingException;
		if (garbled && !(failure instanceof TruncatedChunkException)) {
			return new RpcProtocolException(text("did not answer with HTTP within limits: " + failure.getMessage()),
					Execution.UNKNOWN, failure);
		}
		return new RpcConnectionException(text("lost the connection before the answer was complete"), failure);
	}

	private String text(String what) {
		return this.message.description() + ": " + this.destination + " " + what;
	}

}
