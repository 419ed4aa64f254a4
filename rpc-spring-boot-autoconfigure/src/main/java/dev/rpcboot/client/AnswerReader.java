package dev.rpcboot.client;

import java.time.Duration;
import java.util.Locale;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.ClientCodec;
import dev.rpcboot.jsonrpc.EncodedResult;
import dev.rpcboot.jsonrpc.JsonRpcAnswer;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.MalformedAnswerException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what an answer means to the caller. The HTTP status counts only where no JSON-RPC
 * answer came with it: then somebody between us and the service spoke.
 */
final class AnswerReader {

	private static final int MAX_RETRY_AFTER_DIGITS = 9;

	private AnswerReader() {
	}

	static RpcResponse read(RpcTransport.Answer answer, RpcRequest request, ClientCodec codec, long id)
			throws Throwable {
		if (!isJson(answer)) {
			throw withoutJsonRpc(answer, request, null);
		}
		JsonRpcAnswer read;
		try {
			read = codec.readAnswer(answer.body(), id);
		}
		catch (MalformedAnswerException ex) {
			throw withoutJsonRpc(answer, request, ex);
		}
		if (read instanceof JsonRpcAnswer.Success success && answer.status() == 200) {
			return new RpcResponse(success.result(), answer.headers());
		}
		if (read instanceof JsonRpcAnswer.Failure failure) {
			throw failure(failure.error(), answer, request, codec);
		}
		throw new RpcProtocolException(
				request + " was answered with a result under HTTP status " + answer.status() + ", which promises none",
				Execution.UNKNOWN, null);
	}

	/**
	 * Reads the response object that is the data of an event.
	 */
	static EncodedResult readEvent(byte[] data, RpcTransport.Answer answer, RpcRequest request, ClientCodec codec,
			long id) throws Throwable {
		JsonRpcAnswer read;
		try {
			read = codec.readAnswer(data, id);
		}
		catch (MalformedAnswerException ex) {
			throw new RpcProtocolException(request + " at " + address(request)
					+ " was answered with an event that is no JSON-RPC response: " + ex.getMessage(), Execution.UNKNOWN,
					ex);
		}
		if (read instanceof JsonRpcAnswer.Failure failure) {
			throw failure(failure.error(), answer, request, codec);
		}
		return ((JsonRpcAnswer.Success) read).result();
	}

	static boolean isJson(RpcTransport.Answer answer) {
		String contentType = answer.headers().first("Content-Type");
		return contentType != null && answer.body().length > 0
				&& contentType.toLowerCase(Locale.ROOT).startsWith("application/json");
	}

	static Throwable failure(JsonRpcError error, RpcTransport.Answer answer, RpcRequest request, ClientCodec codec) {
		RpcStatus status = error.status();
		if (status == RpcStatus.APPLICATION) {
			Throwable declared = codec.contractException(error);
			return (declared != null) ? declared : remote(error, answer, request);
		}
		if (status == RpcStatus.DEADLINE_EXCEEDED) {
			return new RpcDeadlineExceededException(request + " ran out of time at the server, of at most "
					+ request.context().timeout().toMillis() + "ms", error.execution(), null);
		}
		Reason reason = refusal(status);
		if (reason != null && error.execution() == Execution.NOT_EXECUTED) {
			return new RpcUnavailableException(request + " was refused by " + address(request) + ": " + error.message(),
					reason, retryAfter(error, answer), error.retry(), null);
		}
		return remote(error, answer, request);
	}

	private static @Nullable Reason refusal(@Nullable RpcStatus status) {
		if (status == RpcStatus.OVERLOADED) {
			return Reason.OVERLOADED;
		}
		if (status == RpcStatus.DRAINING) {
			return Reason.DRAINING;
		}
		return (status == RpcStatus.RATE_LIMITED) ? Reason.RATE_LIMITED : null;
	}

	private static RpcRemoteException remote(JsonRpcError error, RpcTransport.Answer answer, RpcRequest request) {
		RpcStatus status = error.status();
		StringBuilder message = new StringBuilder().append(request)
			.append(" failed: ")
			.append(error.message())
			.append(" (code ")
			.append(error.code());
		if (error.type() != null) {
			message.append(", ").append(error.type());
		}
		if (error.traceId() != null) {
			message.append(", see trace ").append(error.traceId()).append(" in the server's log");
		}
		message.append(')');
		error.violations()
			.forEach((violation) -> message.append("; ")
				.append(violation.path())
				.append(' ')
				.append(violation.message()));
		return new RpcRemoteException(message.toString(), error.execution(),
				new RpcRemoteException.Details(error.code(), (status != null) ? status.name() : "UNKNOWN", error.type(),
						error.attributes(), error.violations(), error.traceId(), retryAfter(error, answer),
						error.retry()));
	}

	static RpcException withoutJsonRpc(RpcTransport.Answer answer, RpcRequest request,
			@Nullable MalformedAnswerException malformed) {
		String who = request + " at " + address(request);
		return switch (answer.status()) {
			case 401 -> remote(RpcStatus.UNAUTHENTICATED, who
					+ " was answered with 401: it asks for credentials. Set them"
					+ " with an RpcClientInterceptor, or open the endpoint in the provider's security configuration");
			case 403 -> remote(RpcStatus.PERMISSION_DENIED, who
					+ " was answered with 403: the credentials do not suffice, or the provider's CSRF protection is on"
					+ " for the endpoint, which machines cannot satisfy; switch it off there");
			case 404 -> remote(RpcStatus.SERVICE_NOT_FOUND, who + " was answered with 404: no such service at "
					+ uri(request) + ". Check rpc.client.targets." + request.target() + ".path");
			case 413 -> remote(RpcStatus.PAYLOAD_TOO_LARGE, who + " was answered with 413: the request is too large");
			case 429 -> new RpcUnavailableException(who + " was answered with 429: too many requests",
					Reason.RATE_LIMITED, retryAfter(answer), null);
			case 502, 503, 504 -> new RpcConnectionException(
					who + " was answered with " + answer.status() + " by an intermediary; it may have run", null);
			default -> new RpcProtocolException(who + " was answered with HTTP status " + answer.status()
					+ " and no JSON-RPC response" + ((malformed != null) ? ": " + malformed.getMessage() : "")
					+ ". Check that the address is that of an RPC endpoint", Execution.UNKNOWN, malformed);
		};
	}

	private static RpcRemoteException remote(RpcStatus status, String message) {
		return new RpcRemoteException(message, status.execution(),
				RpcRemoteException.Details.of(status.code(), status.name()));
	}

	private static @Nullable Duration retryAfter(JsonRpcError error, RpcTransport.Answer answer) {
		return (error.retryAfter() != null) ? error.retryAfter() : retryAfter(answer);
	}

	private static @Nullable Duration retryAfter(RpcTransport.Answer answer) {
		String seconds = answer.headers().first("Retry-After");
		boolean number = seconds != null && !seconds.isEmpty() && seconds.length() <= MAX_RETRY_AFTER_DIGITS
				&& seconds.chars().allMatch((c) -> c >= '0' && c <= '9');
		return number ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
	}

	private static String address(RpcRequest request) {
		RpcInstance instance = request.instance();
		return (instance != null) ? instance.endpoint().getAuthority() : request.target();
	}

	private static String uri(RpcRequest request) {
		RpcInstance instance = request.instance();
		return (instance != null) ? request.prepared().uri(instance).toString() : request.target();
	}

}
