package dev.rpcboot.server;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;

import dev.rpcboot.Execution;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.AnswerTooLargeException;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * One call of a method whose result is a stream, from the first signal of the stream to
 * the reply: as events or, for a caller that did not ask for them, as one array.
 */
final class StreamCall implements EventEncoding {

	private final CallRunner calls;

	private final JsonRpcMessage.Call call;

	private final RawJson id;

	private final ExportedMethod method;

	private final RpcInvocation invocation;

	StreamCall(CallRunner calls, JsonRpcMessage.Call call, RawJson id, ExportedMethod method,
			RpcInvocation invocation) {
		this.calls = calls;
		this.call = call;
		this.id = id;
		this.method = method;
		this.invocation = invocation;
	}

	/**
	 * Replies with what came out of the pipeline.
	 * @param events whether the caller reads events
	 */
	static CompletionStage<CallReply> reply(CompletionStage<@Nullable Object> outcome, CallRunner calls,
			JsonRpcMessage.Call call, ExportedMethod method, RpcInvocation invocation, StreamThreads streams,
			RpcServerSettings.Streams settings, boolean events) {
		RawJson id = call.id();
		return outcome.handle((result, failure) -> {
			if (!(result instanceof OpenStream stream)) {
				CallReply reply = calls.failed(call, method, invocation, (failure != null) ? failure
						: new IllegalStateException("An interceptor answered " + invocation + " in place of a stream"));
				// what was opened, and then lost on the way, nobody is going to read
				invocation.cancel();
				return CompletableFuture.completedStage(reply);
			}
			if (id == null) {
				// nobody reads what a notification gives
				stream.cancel();
				return CompletableFuture.completedStage(new CallReply(null, null));
			}
			StreamCall streamed = new StreamCall(calls, call, id, method, invocation);
			return events ? CompletableFuture.completedStage(streamed.events(stream, streams.timer(), settings))
					: streamed.array(stream, streams.timer());
		}).thenCompose(Function.identity());
	}

	private CallReply events(OpenStream stream, DeadlineTimer timer, RpcServerSettings.Streams settings) {
		EventStream events = new EventStream(stream, this, timer, settings);
		this.invocation.source().onLeave(() -> {
			// first, so that the failure is known for what it is
			this.invocation.cancel();
			events.fail(new CancellationException("The caller has gone"));
		});
		return new CallReply(null, null, events);
	}

	private CompletionStage<CallReply> array(OpenStream stream, DeadlineTimer timer) {
		AnswerBudget budget = this.invocation.source().budget();
		CompletableFuture<CallReply> reply = new CompletableFuture<>();
		Future<?> timeout = timer.at(this.invocation.deadline(), () -> {
			if (reply.complete(failure(new RpcCallException(JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED))))) {
				stream.cancel();
			}
		});
		this.invocation.source().onLeave(stream::cancel);
		ItemCollector.collect(stream, this.method.codec().encodeItems(this.id, budget.left()))
			.whenComplete((body, failure) -> {
				timeout.cancel(false);
				if (reply.isDone()) {
					return;
				}
				if (failure instanceof ItemCollector.UnsendableException) {
					reply.complete(unsendable(failure.getCause()));
				}
				else if (failure != null) {
					reply.complete(failure(failure));
				}
				else {
					reply.complete(budget.take(body) ? new CallReply(null, body) : tooLarge());
				}
			});
		return reply;
	}

	private CallReply unsendable(@Nullable Throwable cause) {
		return (cause == null || cause instanceof AnswerTooLargeException) ? tooLarge()
				: this.calls.unencodable(this.call, this.method, this.invocation.source(), cause);
	}

	private CallReply tooLarge() {
		return this.calls.tooLarge(this.call, this.method.contract().fullName(), Execution.EXECUTED);
	}

	@Override
	public CallReply item(Object item) {
		return this.calls.encoded(this.call, this.id, this.method, this.invocation.source(), item,
				this.calls.maxAnswerSize());
	}

	@Override
	public CallReply end() {
		return this.calls.encoded(this.call, this.id, this.method, this.invocation.source(), null,
				this.calls.maxAnswerSize());
	}

	@Override
	public CallReply failure(Throwable failure) {
		return this.calls.failed(this.call, this.method, this.invocation, failure);
	}

}
