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
import org.apache.hc.core5.http2.H2StreamResetException;

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
		if (failure instanceof NotProcessedException) {
			return unavailable(failure, attempt);
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
			case LEASE ->
				"none of its " + attempt.settings().maxConnections() + (isHttp2(attempt) ? " streams" : " connections")
						+ " (max-connections" + (isHttp2(attempt) ? ", or fewer if the server takes fewer" : "")
						+ ") became free before the deadline";
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
		else if (failure instanceof NotProcessedException) {
			what = "it was not processed, because " + failure.getMessage();
		}
		else if (failure instanceof NoHttp2Exception || refusesHttp2(failure)) {
			what = "no connection over HTTP/2, " + failure.getMessage()
					+ "; set server.http2.enabled=true there, or rpc.client.http2=false here";
		}
		else if (failure instanceof SSLException) {
			what = "the TLS handshake failed: " + failure.getMessage();
		}
		else {
			what = (failure instanceof ConnectException) ? "the connection was refused" : "no connection could be made";
		}
		return new RpcUnavailableException(text(attempt, what), RpcUnavailableException.Reason.CONNECT_FAILED, failure);
	}

	private static boolean isHttp2(Attempt attempt) {
		return attempt.settings().http2() && !attempt.context().isBlocking();
	}

	// the name of the alert that a server sends who has no protocol in common with us
	private static boolean refusesHttp2(Throwable failure) {
		return failure instanceof SSLException
				&& String.valueOf(failure.getMessage()).contains("no_application_protocol");
	}

	private static RpcException connectionLost(Throwable failure, Attempt attempt) {
		boolean garbled = failure instanceof MalformedAnswerException || failure instanceof HttpException
				|| failure instanceof MessageConstraintException || failure instanceof MalformedChunkCodingException;
		if (garbled && !(failure instanceof TruncatedChunkException)) {
			return new RpcProtocolException(text(attempt, "the answer is not "
					+ (isHttp2(attempt) ? "HTTP/2" : "HTTP/1.1") + " within limits: " + failure.getMessage()),
					Execution.UNKNOWN, failure);
		}
		String what = (failure instanceof H2StreamResetException) ? "the server ended the exchange"
				: "the connection was lost";
		return new RpcConnectionException(text(attempt, what + " before the answer was complete"), failure);
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
