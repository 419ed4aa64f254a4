package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.jsonrpc.JsonRpcException;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import org.jspecify.annotations.Nullable;

/**
 * Accepts calls for whose end nobody waits: one that is accepted has its arguments and a
 * thread, and runs on after its request was answered. What runs is bounded, and not by
 * the threads alone: a method that returns a future gives its thread back and runs on.
 * Safe for concurrent use.
 */
final class OneWayCalls {

	private final CallThreads threads;

	private final CallRunner calls;

	private final AnswerFactory answers;

	private final Duration time;

	private final AcceptedWork accepted;

	/**
	 * Creates one.
	 * @param time how long a call may take once it is accepted
	 * @param accepted is told what runs, and bounds it
	 */
	OneWayCalls(CallThreads threads, CallRunner calls, AnswerFactory answers, Duration time, AcceptedWork accepted) {
		this.threads = threads;
		this.calls = calls;
		this.answers = answers;
		this.time = time;
		this.accepted = accepted;
	}

	/**
	 * Answers a single request as soon as its call is accepted, or refuses it for want of
	 * a thread, or because too many others run.
	 * @return {@code null} if it is of another kind
	 */
	@Nullable CompletionStage<HttpAnswer> answer(JsonRpcMessage.Call call, CallSource source, Executor executor) {
		ExportedMethod method = oneWay(call, source);
		if (method == null) {
			return null;
		}
		@Nullable Object[] arguments;
		try {
			arguments = method.codec().decodeArguments(call);
		}
		catch (JsonRpcException ex) {
			// log and meters hear of it as of any notification, the caller does not
			return this.calls.refuseArguments(call, method, source, ex).thenApply(this.answers::single);
		}
		if (this.threads.isTied()) {
			return this.calls.runDecoded(call, method, detached(source), arguments)
				.thenApply((reply) -> this.answers.accepted());
		}
		if (start(call, method, source, arguments, executor)) {
			return CompletableFuture.completedStage(this.answers.accepted());
		}
		return this.calls.refuse(call, source).thenApply((reply) -> this.answers.refusal(503, CallRunner.OVERLOADED));
	}

	/**
	 * Runs an entry of a batch, or starts it if nobody waits for its end. An entry that
	 * nobody can be told about is not refused: without another thread it has this one.
	 */
	CompletionStage<CallReply> runInBatch(JsonRpcMessage.Entry entry, CallSource source, Executor executor) {
		ExportedMethod method = (entry instanceof JsonRpcMessage.Call call) ? oneWay(call, source) : null;
		if (method == null || this.threads.isTied()) {
			return this.calls.runHere(entry, source);
		}
		JsonRpcMessage.Call call = (JsonRpcMessage.Call) entry;
		@Nullable Object[] arguments;
		try {
			arguments = method.codec().decodeArguments(call);
		}
		catch (JsonRpcException ex) {
			return this.calls.refuseArguments(call, method, source, ex);
		}
		return start(call, method, source, arguments, executor)
				? CompletableFuture.completedStage(new CallReply(null, null))
				: this.calls.runDecoded(call, method, source, arguments);
	}

	private static @Nullable ExportedMethod oneWay(JsonRpcMessage.Call call, CallSource source) {
		ExportedMethod method = call.isNotification() ? source.service().method(call.method()) : null;
		return (method != null && method.contract().oneWay()) ? method : null;
	}

	private CallSource detached(CallSource source) {
		return source.detached(Deadline.after(this.time, NanoClock.SYSTEM));
	}

	private boolean start(JsonRpcMessage.Call call, ExportedMethod method, CallSource source,
			@Nullable Object[] arguments, Executor executor) {
		CallSource own = detached(source);
		Runnable task = this.threads.bound(() -> this.calls.runDecoded(call, method, own, arguments)
			.whenComplete((reply, failure) -> this.accepted.end()));
		if (!this.accepted.tryBegin()) {
			return false;
		}
		try {
			executor.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			this.accepted.end();
			return false;
		}
		catch (Throwable ex) {
			// such as an OutOfMemoryError where no thread can be made
			this.accepted.end();
			throw ex;
		}
	}

}
