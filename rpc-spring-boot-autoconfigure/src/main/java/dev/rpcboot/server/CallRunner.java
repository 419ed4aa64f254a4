package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;

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

	static final JsonRpcError OVERLOADED = JsonRpcError.of(RpcStatus.OVERLOADED).withRetryAfter(Duration.ofSeconds(1));

	private final CallThreads threads;

	private final RunningCalls running;

	private final CallObserver observer;

	private final ServerPipeline pipeline;

	private final FailureTranslator failures;

	private final JsonRpcWriter writer;

	private final long maxAnswerSize;

	private final StreamThreads streams;

	private final StreamOpener opener;

	private final RpcServerSettings.Streams streamSettings;

	CallRunner(CallThreads threads, RunningCalls running, StreamThreads streams, CallObserver observer,
			ServerPipeline pipeline, FailureTranslator failures, JsonRpcWriter writer, RpcServerSettings settings) {
		this.threads = threads;
		this.running = running;
		this.observer = observer;
		this.pipeline = pipeline;
		this.failures = failures;
		this.writer = writer;
		this.maxAnswerSize = settings.maxAnswerSize().toBytes();
		this.streams = streams;
		this.opener = new StreamOpener(threads, streams);
		this.streamSettings = settings.streams();
	}

	/**
	 * Runs the one call of a request; a method that blocks on a thread that may.
	 * @param executor has such threads, if this is none
	 */
	CompletionStage<CallReply> run(JsonRpcMessage.Entry entry, CallSource source, Executor executor) {
		ExportedMethod method = method(entry, source);
		if (method == null || !method.isBlocking() || this.threads.mayBlock()) {
			return runHere(entry, source, true);
		}
		CompletableFuture<CallReply> reply = new CompletableFuture<>();
		Runnable task = this.threads.bound(() -> runHere(entry, source, true).thenAccept((ready) -> {
			if (!reply.complete(ready) && ready.events() != null) {
				ready.events().cancel();
			}
		}));
		try {
			executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			return refuse(entry, source);
		}
		untilDeadline(reply, source, () -> reply.complete(late(entry, source)));
		return reply;
	}

	/**
	 * Does something about a reply that is not there when the deadline passes.
	 */
	void untilDeadline(CompletableFuture<?> reply, CallSource source, Runnable action) {
		DeadlineTimer timer = this.threads.timer();
		if (timer != null && !reply.isDone()) {
			Future<?> timeout = timer.at(source.deadline(), action);
			reply.whenComplete((done, failure) -> timeout.cancel(false));
		}
	}

	/**
	 * Answers an entry that still runs when its deadline passes.
	 */
	CallReply late(JsonRpcMessage.Entry entry, CallSource source) {
		return (entry instanceof JsonRpcMessage.Call call)
				? failed(call, call.method(), source, JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED)) : invalid(entry);
	}

	private CallReply invalid(JsonRpcMessage.Entry entry) {
		JsonRpcError error = JsonRpcError.of(RpcStatus.INVALID_REQUEST);
		return new CallReply(error, this.writer.error(((JsonRpcMessage.Invalid) entry).id(), error));
	}

	/**
	 * Runs an entry of a batch on this thread.
	 */
	CompletionStage<CallReply> runHere(JsonRpcMessage.Entry entry, CallSource source) {
		return runHere(entry, source, false);
	}

	private CompletionStage<CallReply> runHere(JsonRpcMessage.Entry entry, CallSource source, boolean single) {
		ExportedMethod method = method(entry, source);
		if (method == null && entry instanceof JsonRpcMessage.Call call && this.running.cancel(call, source)) {
			return CompletableFuture.completedStage(new CallReply(null, null));
		}
		return observed(entry, method, source,
				(method != null) ? (call) -> execute(call, method, source, single)
						: (call) -> CompletableFuture.completedStage(failed(call, CallObserver.UNKNOWN_METHOD, source,
								JsonRpcError.of(RpcStatus.METHOD_NOT_FOUND))));
	}

	/**
	 * Answers an entry for which there is no thread.
	 */
	CompletionStage<CallReply> refuse(JsonRpcMessage.Entry entry, CallSource source) {
		return observed(entry, method(entry, source), source,
				(call) -> CompletableFuture.completedStage(failed(call, call.method(), source, OVERLOADED)));
	}

	/**
	 * Runs a call whose arguments are decoded on this thread.
	 */
	CompletionStage<CallReply> runDecoded(JsonRpcMessage.Call call, ExportedMethod method, CallSource source,
			@Nullable Object[] arguments) {
		return observed(call, method, source, (observed) -> invoke(call, method, source, arguments, false));
	}

	/**
	 * Answers a call whose arguments cannot be decoded.
	 */
	CompletionStage<CallReply> refuseArguments(JsonRpcMessage.Call call, ExportedMethod method, CallSource source,
			JsonRpcException failure) {
		return observed(call, method, source, (observed) -> CompletableFuture
			.completedStage(failed(call, method.contract().fullName(), source, FailureTranslator.refused(failure))));
	}

	private static @Nullable ExportedMethod method(JsonRpcMessage.Entry entry, CallSource source) {
		return (entry instanceof JsonRpcMessage.Call call) ? source.service().method(call.method()) : null;
	}

	private CompletionStage<CallReply> observed(JsonRpcMessage.Entry entry, @Nullable ExportedMethod method,
			CallSource source, Function<JsonRpcMessage.Call, CompletionStage<CallReply>> way) {
		if (!(entry instanceof JsonRpcMessage.Call call)) {
			return CompletableFuture.completedStage(invalid(entry));
		}
		String name = (method != null) ? method.contract().fullName() : CallObserver.UNKNOWN_METHOD;
		// user code, before and after: an observation handler that fails must not leave
		// the caller without an answer
		Function<Throwable, CallReply> internal = (failure) -> failed(call, name, source,
				this.failures.internal(failure, name, Execution.UNKNOWN));
		try {
			Supplier<CompletionStage<CallReply>> run = () -> way.apply(call);
			CompletionStage<CallReply> reply = source.isPart() ? this.observer.observePart(name, source::headers, run)
					: this.observer.observe(name, source::headers, run);
			return reply.exceptionally(internal);
		}
		catch (Throwable ex) {
			return CompletableFuture.completedStage(internal.apply(ex));
		}
	}

	private CompletionStage<CallReply> execute(JsonRpcMessage.Call call, ExportedMethod method, CallSource source,
			boolean single) {
		@Nullable Object[] arguments;
		try {
			arguments = method.codec().decodeArguments(call);
		}
		catch (JsonRpcException ex) {
			return CompletableFuture
				.completedStage(failed(call, method.contract().fullName(), source, FailureTranslator.refused(ex)));
		}
		return invoke(call, method, source, arguments, single);
	}

	private CompletionStage<CallReply> invoke(JsonRpcMessage.Call call, ExportedMethod method, CallSource source,
			@Nullable Object[] arguments, boolean single) {
		if (source.isLeft()) {
			return CompletableFuture
				.completedStage(failed(call, method.contract().fullName(), source, FailureTranslator.cancelled(false)));
		}
		RpcInvocation invocation = new RpcInvocation(method, arguments, source, call, single, this.opener);
		long begin = System.nanoTime();
		CompletionStage<@Nullable Object> outcome = this.pipeline.run(invocation);
		if (method.contract().returnKind().isStream()) {
			return StreamCall.reply(outcome, this, call, method, invocation, this.streams, this.streamSettings,
					single && source.acceptsEvents());
		}
		return outcome.handle((result, failure) -> {
			invocation.ended();
			CallReply reply = (failure != null) ? failed(call, method, invocation, failure)
					: succeeded(call, method, source, result);
			method.pace().add(begin, System.nanoTime(), reply);
			return reply;
		});
	}

	private CallReply succeeded(JsonRpcMessage.Call call, ExportedMethod method, CallSource source,
			@Nullable Object result) {
		RawJson id = call.id();
		if (id == null) {
			return new CallReply(null, null);
		}
		CallReply reply = encoded(call, id, method, source, result, source.budget().left());
		byte[] body = reply.body();
		boolean sendable = reply.error() != null || (body != null && source.budget().take(body));
		return sendable ? reply : tooLarge(call, method.contract().fullName(), Execution.EXECUTED);
	}

	/**
	 * Encodes a result, or one item of a stream, within the limit.
	 */
	CallReply encoded(JsonRpcMessage.Call call, RawJson id, ExportedMethod method, CallSource source,
			@Nullable Object result, long limit) {
		try {
			return new CallReply(null, method.codec().encodeResult(id, result, limit));
		}
		catch (AnswerTooLargeException ex) {
			return tooLarge(call, method.contract().fullName(), Execution.EXECUTED);
		}
		catch (Throwable ex) {
			// user code: accessors and serializers of the result
			return unencodable(call, method, source, ex);
		}
	}

	CallReply unencodable(JsonRpcMessage.Call call, ExportedMethod method, CallSource source, Throwable failure) {
		String name = method.contract().fullName();
		return failed(call, name, source, this.failures.internal(failure, name + " (its result)", Execution.EXECUTED));
	}

	long maxAnswerSize() {
		return this.maxAnswerSize;
	}

	CallReply failed(JsonRpcMessage.Call call, ExportedMethod method, RpcInvocation invocation, Throwable failure) {
		return failed(call, method.contract().fullName(), invocation.source(),
				this.failures.translate(failure, invocation));
	}

	private CallReply failed(JsonRpcMessage.Call call, String name, CallSource source, JsonRpcError error) {
		if (call.isNotification()) {
			FailureTranslator.logUnheard(name, error);
			return new CallReply(error, null);
		}
		if (error.attributes().isEmpty() && error.violations().isEmpty()) {
			byte[] body = this.writer.error(call.id(), error);
			source.budget().take(body);
			return new CallReply(error, body);
		}
		try {
			byte[] body = this.writer.error(call.id(), error, source.budget().left());
			if (source.budget().take(body)) {
				return new CallReply(error, body);
			}
		}
		catch (AnswerTooLargeException ex) {
			// answered below
		}
		catch (Throwable ex) {
			// user code: attributes of an exception that cannot be encoded
			JsonRpcError internal = this.failures.internal(ex, "Encoding the error " + error.type(), error.execution());
			return new CallReply(internal, this.writer.error(call.id(), internal));
		}
		return tooLarge(call, name, error.execution());
	}

	CallReply tooLarge(JsonRpcMessage.Call call, String name, Execution execution) {
		// a caller can bring it about at will, so it must not fill the log
		logger.debug("{} gave an answer that was not sent: with it there would be more than {} bytes;"
				+ " return less, or raise rpc.server.max-answer-size", name, this.maxAnswerSize);
		JsonRpcError error = JsonRpcError.of(RpcStatus.PAYLOAD_TOO_LARGE).withExecution(execution);
		return new CallReply(error, this.writer.error(call.id(), error));
	}

}
