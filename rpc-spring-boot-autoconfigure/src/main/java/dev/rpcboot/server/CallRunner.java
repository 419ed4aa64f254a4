package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.Execution;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.AnswerTooLargeException;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcException;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.JsonRpcWriter;
import dev.rpcboot.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one call, from the parsed request to the encoded response. Its stages never fail.
 * Safe for concurrent use.
 */
final class CallRunner {

	private static final Logger logger = LoggerFactory.getLogger(CallRunner.class);

	private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

	private final Executor blockingCalls;

	private final CallObserver observer;

	private final ServerPipeline pipeline;

	private final FailureTranslator failures;

	private final JsonRpcWriter writer;

	private final long maxAnswerSize;

	CallRunner(Executor blockingCalls, CallObserver observer, ServerPipeline pipeline, FailureTranslator failures,
			JsonRpcWriter writer, long maxAnswerSize) {
		this.blockingCalls = blockingCalls;
		this.observer = observer;
		this.pipeline = pipeline;
		this.failures = failures;
		this.writer = writer;
		this.maxAnswerSize = maxAnswerSize;
	}

	CompletionStage<CallReply> run(JsonRpcMessage.Entry entry, CallSource source) {
		if (entry instanceof JsonRpcMessage.Call call) {
			return run(call, source);
		}
		JsonRpcMessage.Invalid invalid = (JsonRpcMessage.Invalid) entry;
		JsonRpcError error = JsonRpcError.of(RpcStatus.INVALID_REQUEST);
		return CompletableFuture.completedStage(new CallReply(error, this.writer.error(invalid.id(), error)));
	}

	private CompletionStage<CallReply> run(JsonRpcMessage.Call call, CallSource source) {
		ExportedMethod method = source.service().method(call.method());
		if (method == null) {
			return this.observer.observe(CallObserver.UNKNOWN_METHOD, source::headers,
					() -> CompletableFuture.completedStage(failed(call, JsonRpcError.of(RpcStatus.METHOD_NOT_FOUND))));
		}
		return method.isBlocking() ? runBlocking(call, method, source) : observed(call, method, source);
	}

	private CompletionStage<CallReply> runBlocking(JsonRpcMessage.Call call, ExportedMethod method, CallSource source) {
		CompletableFuture<CallReply> reply = new CompletableFuture<>();
		try {
			this.blockingCalls.execute(() -> observed(call, method, source).whenComplete((done, failure) -> {
				if (failure != null) {
					reply.completeExceptionally(failure);
				}
				else {
					reply.complete(done);
				}
			}));
		}
		catch (RejectedExecutionException ex) {
			return this.observer.observe(method.contract().fullName(), source::headers, () -> CompletableFuture
				.completedStage(failed(call, JsonRpcError.of(RpcStatus.OVERLOADED).withRetryAfter(RETRY_AFTER))));
		}
		return reply;
	}

	private CompletionStage<CallReply> observed(JsonRpcMessage.Call call, ExportedMethod method, CallSource source) {
		String name = method.contract().fullName();
		try {
			return this.observer.observe(name, source::headers, () -> execute(call, method, source));
		}
		catch (Throwable ex) {
			// user code: an observation handler that fails must not leave the caller
			// without an answer
			return CompletableFuture.completedStage(failed(call, this.failures.internal(ex, name, Execution.UNKNOWN)));
		}
	}

	private CompletionStage<CallReply> execute(JsonRpcMessage.Call call, ExportedMethod method, CallSource source) {
		@Nullable Object[] arguments;
		try {
			arguments = method.codec().decodeArguments(call);
		}
		catch (JsonRpcException ex) {
			return CompletableFuture.completedStage(failed(call, FailureTranslator.refused(ex)));
		}
		RpcInvocation invocation = new RpcInvocation(method, arguments, source, call.isNotification());
		return this.pipeline.run(invocation)
			.handle((result, failure) -> (failure != null) ? failed(call, this.failures.translate(failure, invocation))
					: succeeded(call, method, result));
	}

	private CallReply succeeded(JsonRpcMessage.Call call, ExportedMethod method, @Nullable Object result) {
		RawJson id = call.id();
		if (id == null) {
			return new CallReply(null, null);
		}
		try {
			return new CallReply(null, method.codec().encodeResult(id, result, this.maxAnswerSize));
		}
		catch (AnswerTooLargeException ex) {
			logger.warn(
					"{} gave an answer above {} bytes, which was not sent;"
							+ " return less, or raise rpc.server.max-answer-size",
					method.contract(), this.maxAnswerSize);
			return failed(call, JsonRpcError.of(RpcStatus.PAYLOAD_TOO_LARGE).withExecution(Execution.EXECUTED));
		}
		catch (Throwable ex) {
			// user code: accessors and serializers of the result
			return failed(call,
					this.failures.internal(ex, method.contract().fullName() + " (its result)", Execution.EXECUTED));
		}
	}

	private CallReply failed(JsonRpcMessage.Call call, JsonRpcError error) {
		if (call.isNotification()) {
			// nobody hears of it but the log; what an internal error was stands there
			// already
			if (error.execution() != Execution.NOT_EXECUTED && error.status() != RpcStatus.INTERNAL) {
				logger.warn("A notification failed: {} {}", error.status(), error.type());
			}
			else {
				logger.debug("A notification was refused: {}", error.status());
			}
			return new CallReply(error, null);
		}
		try {
			return new CallReply(error, this.writer.error(call.id(), error));
		}
		catch (Throwable ex) {
			// user code: attributes of an exception that cannot be encoded
			JsonRpcError internal = this.failures.internal(ex, "Encoding the error " + error.type(), error.execution());
			return new CallReply(internal, this.writer.error(call.id(), internal));
		}
	}

}
