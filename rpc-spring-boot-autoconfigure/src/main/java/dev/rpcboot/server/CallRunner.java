package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

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

	private final CallThreads threads;

	private final CallObserver observer;

	private final ServerPipeline pipeline;

	private final FailureTranslator failures;

	private final JsonRpcWriter writer;

	private final long maxAnswerSize;

	CallRunner(CallThreads threads, CallObserver observer, ServerPipeline pipeline, FailureTranslator failures,
			JsonRpcWriter writer, long maxAnswerSize) {
		this.threads = threads;
		this.observer = observer;
		this.pipeline = pipeline;
		this.failures = failures;
		this.writer = writer;
		this.maxAnswerSize = maxAnswerSize;
	}

	/**
	 * Runs an entry; a method that blocks on a thread that may.
	 */
	CompletionStage<CallReply> run(JsonRpcMessage.Entry entry, CallSource source) {
		ExportedMethod method = method(entry, source);
		if (method == null || !method.isBlocking() || this.threads.mayBlock()) {
			return runHere(entry, source);
		}
		CompletableFuture<CallReply> reply = new CompletableFuture<>();
		Runnable task = this.threads.bound(() -> runHere(entry, source).thenAccept(reply::complete));
		try {
			this.threads.executor().execute(task);
		}
		catch (RejectedExecutionException ex) {
			return refuse(entry, source);
		}
		return reply;
	}

	/**
	 * Runs an entry on this thread.
	 */
	CompletionStage<CallReply> runHere(JsonRpcMessage.Entry entry, CallSource source) {
		ExportedMethod method = method(entry, source);
		return observed(entry, method, source,
				(method != null) ? (call) -> execute(call, method, source) : (call) -> CompletableFuture
					.completedStage(failed(call, JsonRpcError.of(RpcStatus.METHOD_NOT_FOUND))));
	}

	/**
	 * Answers an entry for which there is no thread.
	 */
	CompletionStage<CallReply> refuse(JsonRpcMessage.Entry entry, CallSource source) {
		return observed(entry, method(entry, source), source, (call) -> CompletableFuture
			.completedStage(failed(call, JsonRpcError.of(RpcStatus.OVERLOADED).withRetryAfter(RETRY_AFTER))));
	}

	private static @Nullable ExportedMethod method(JsonRpcMessage.Entry entry, CallSource source) {
		return (entry instanceof JsonRpcMessage.Call call) ? source.service().method(call.method()) : null;
	}

	private CompletionStage<CallReply> observed(JsonRpcMessage.Entry entry, @Nullable ExportedMethod method,
			CallSource source, Function<JsonRpcMessage.Call, CompletionStage<CallReply>> way) {
		if (!(entry instanceof JsonRpcMessage.Call call)) {
			JsonRpcError error = JsonRpcError.of(RpcStatus.INVALID_REQUEST);
			RawJson id = ((JsonRpcMessage.Invalid) entry).id();
			return CompletableFuture.completedStage(new CallReply(error, this.writer.error(id, error)));
		}
		String name = (method != null) ? method.contract().fullName() : CallObserver.UNKNOWN_METHOD;
		// user code, before and after: an observation handler that fails must not leave
		// the caller without an answer
		Function<Throwable, CallReply> internal = (failure) -> failed(call,
				this.failures.internal(failure, name, Execution.UNKNOWN));
		try {
			return this.observer.observe(name, source::headers, () -> way.apply(call)).exceptionally(internal);
		}
		catch (Throwable ex) {
			return CompletableFuture.completedStage(internal.apply(ex));
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
