package dev.rpcboot.client.transport;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;

import javax.net.ssl.SSLException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.client.transport.Attempt.Step;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * What a failure of the network or of the HTTP library means to the caller: the one place
 * where it is translated.
 */
final class Failures {

	private Failures() {
	}

	static RuntimeException translate(Throwable failure, Attempt attempt) {
		if (failure instanceof RpcException known) {
			return known;
		}
		if (failure instanceof AnswerTooLargeException) {
			return tooLarge(attempt);
		}
		if (isInterrupt(failure, attempt)) {
			Thread.currentThread().interrupt();
			attempt.context().cancel();
		}
		if (attempt.context().isCancelled()) {
			return cancelled(failure, attempt);
		}
		if (attempt.context().isDone()) {
			return deadlineExceeded(failure, attempt);
		}
		return (attempt.step() == Step.EXCHANGE) ? connectionLost(failure, attempt) : unavailable(failure, attempt);
	}

	// An interrupted channel is closed, and some of its failures say no more than that.
	private static boolean isInterrupt(Throwable failure, Attempt attempt) {
		return failure instanceof InterruptedException
				|| (attempt.context().isBlocking() && Thread.currentThread().isInterrupted());
	}

	private static CancellationException cancelled(Throwable failure, Attempt attempt) {
		CancellationException cancelled = new CancellationException(text(attempt, "the call was cancelled"));
		cancelled.initCause(failure);
		return cancelled;
	}

	private static RpcDeadlineExceededException deadlineExceeded(Throwable failure, Attempt attempt) {
		String what = switch (attempt.step()) {
			case LEASE -> "none of its " + attempt.settings().maxConnections()
					+ " connections (max-connections) became free before the deadline";
			case RESOLVE -> "name resolution did not end before the deadline";
			case CONNECT -> "no connection could be made before the deadline";
			case EXCHANGE -> "no complete answer came before the deadline";
		};
		return new RpcDeadlineExceededException(text(attempt, what),
				attempt.context().isSent() ? Execution.UNKNOWN : Execution.NOT_EXECUTED, failure);
	}

	private static RpcUnavailableException unavailable(Throwable failure, Attempt attempt) {
		String what;
		if (failure instanceof SocketTimeoutException) {
			what = "no connection within " + attempt.settings().connectTimeout().toMillis() + "ms (connect-timeout)";
		}
		else if (failure instanceof UnknownHostException) {
			what = "the host has no known address";
		}
		else if (failure instanceof SSLException) {
			what = "the TLS handshake failed: " + failure.getMessage();
		}
		else {
			what = (failure instanceof ConnectException) ? "the connection was refused" : "no connection could be made";
		}
		return new RpcUnavailableException(text(attempt, what), RpcUnavailableException.Reason.CONNECT_FAILED, failure);
	}

	private static RpcException connectionLost(Throwable failure, Attempt attempt) {
		boolean garbled = failure instanceof MalformedAnswerException || failure instanceof HttpException
				|| failure instanceof MessageConstraintException || failure instanceof MalformedChunkCodingException;
		if (garbled && !(failure instanceof TruncatedChunkException)) {
			return new RpcProtocolException(
					text(attempt, "the answer is not HTTP/1.1 within limits: " + failure.getMessage()),
					Execution.UNKNOWN, failure);
		}
		return new RpcConnectionException(text(attempt, "the connection was lost before the answer was complete"),
				failure);
	}

	/**
	 * The answer is above the limit: the method ran, or something ran in its place.
	 */
	static RpcProtocolException tooLarge(Attempt attempt) {
		return new RpcProtocolException(text(attempt,
				"the answer is larger than the limit of " + attempt.settings().maxAnswerSize() + " (max-answer-size)"),
				Execution.EXECUTED, null);
	}

	private static String text(Attempt attempt, String what) {
		return attempt.message().description() + " at " + attempt.destination() + ": " + what;
	}

}
