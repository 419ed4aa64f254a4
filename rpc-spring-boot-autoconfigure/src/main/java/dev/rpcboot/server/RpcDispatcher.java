package dev.rpcboot.server;

import java.security.Principal;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.Execution;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.compression.ContentTooLargeException;
import dev.rpcboot.compression.MalformedContentException;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcException;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import dev.rpcboot.jsonrpc.JsonRpcWriter;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests, whatever web stack they come through, in two steps: first the head is
 * judged, then the body is answered. Safe for concurrent use; nothing it returns or
 * throws needs an error handler behind it.
 *
 * @since 0.1
 */
public final class RpcDispatcher {

	private final RpcServerSettings settings;

	private final JsonRpcReader reader;

	private final AnswerFactory answers;

	private final RequestJudge judge;

	private final FailureTranslator failures;

	private final CallRunner calls;

	private final RunningCalls running;

	private final OneWayCalls oneWay;

	private final AcceptedWork accepted;

	private final JsonRpcWriter writer;

	private final MessageCompression compression;

	private final CallThreads threads;

	/**
	 * Creates one.
	 * @param settings how to answer
	 * @param services what may be called
	 * @param reader parses bodies
	 * @param writer writes errors
	 * @param pipeline the way to the methods
	 * @param observer sees every call
	 * @param resolvers are asked in order what a failure means
	 * @param threads where calls run
	 * @param streams where results run that come item by item
	 * @throws RpcConfigurationException if two services have one name
	 */
	public RpcDispatcher(RpcServerSettings settings, Collection<ExportedService> services, JsonRpcReader reader,
			JsonRpcWriter writer, ServerPipeline pipeline, CallObserver observer, List<RpcErrorResolver> resolvers,
			CallThreads threads, StreamThreads streams) {
		this.settings = settings;
		this.reader = reader;
		this.writer = writer;
		this.threads = threads;
		this.compression = new MessageCompression(settings, threads);
		this.answers = new AnswerFactory(settings.statusMode(), writer);
		this.judge = new RequestJudge(settings, ExportedService.byName(services), this.answers, this.compression,
				NanoClock.SYSTEM);
		this.failures = new FailureTranslator(resolvers);
		this.running = new RunningCalls(reader);
		this.calls = new CallRunner(threads, this.running, streams, observer, pipeline, this.failures, writer,
				settings);
		this.accepted = new AcceptedWork(settings.maxOneWay());
		this.oneWay = new OneWayCalls(threads, this.calls, this.answers, settings.maxTimeout(), this.accepted);
	}

	/**
	 * Runs an action as soon as every one-way call that was accepted has ended; a
	 * shutdown waits for that. Without any the action runs at once.
	 */
	public void whenAcceptedCallsEnd(Runnable action) {
		this.accepted.whenNone(action);
	}

	/**
	 * How many requests are running that their callers could cancel by id.
	 */
	int cancellable() {
		return this.running.size();
	}

	/**
	 * Judges the head of a request.
	 */
	public Admission admit(RequestHead head) {
		return this.judge.judge(head);
	}

	/**
	 * Largest body that may be given to {@link #dispatch}.
	 */
	public int maxRequestSize() {
		return (int) this.settings.maxRequestSize().toBytes();
	}

	/**
	 * Answers a body that turned out to be larger than that while it was read.
	 */
	public HttpAnswer tooLarge() {
		return this.answers.refusal(413, RpcStatus.PAYLOAD_TOO_LARGE);
	}

	/**
	 * Answers a body that could not be received as a whole.
	 */
	public HttpAnswer unreadable() {
		return this.answers.refusal(400, RpcStatus.PARSE_ERROR);
	}

	/**
	 * Answers a body that was still not there when the time of the call was over.
	 */
	public HttpAnswer tooLate() {
		return this.answers.refusal(504,
				JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED).withExecution(Execution.NOT_EXECUTED));
	}

	/**
	 * Answers a request that failed outside of any call, in the endpoint or in what
	 * stands around it.
	 */
	public HttpAnswer failed(Throwable failure) {
		JsonRpcError error = this.failures.internal(failure, "A request", Execution.UNKNOWN);
		return this.answers.single(new CallReply(error, this.writer.error(null, error)));
	}

	/**
	 * Answers a body.
	 * @param request the admitted request
	 * @param body all of its body
	 * @param principal who calls, or {@code null} if that is not known
	 * @param reactorContext the Reactor context of the request, or {@code null} if it did
	 * not come through Reactor
	 * @return completes with the answer, often already has, and never fails; cancelling
	 * it says that the caller has gone. Of an answer that is a stream only the beginning
	 * is there: whoever cannot send it cancels it
	 */
	public CompletionStage<HttpAnswer> dispatch(Admission.Admitted request, byte[] body, @Nullable Principal principal,
			@Nullable Object reactorContext) {
		CallSource source = new CallSource(request, principal, reactorContext, this.settings.maxAnswerSize().toBytes());
		try {
			return answer(request, body, source, this.running.add(source));
		}
		catch (Throwable ex) {
			// user code is behind this; what it throws must not reach the container
			return CompletableFuture.completedStage(failed(ex));
		}
	}

	/**
	 * Answers a request.
	 * @param over is run when it is answered, or when the stream has ended that it is
	 * answered by
	 */
	private CompletionStage<HttpAnswer> answer(Admission.Admitted request, byte[] body, CallSource source,
			Runnable over) {
		CompletableFuture<HttpAnswer> answer;
		try {
			answer = this.compression.encode(decoded(request, body, source), request.head())
				.exceptionally(this::failed)
				.toCompletableFuture();
		}
		catch (Throwable ex) {
			over.run();
			throw ex;
		}
		if (answer.isDone() && !answer.isCompletedExceptionally()) {
			answered(answer.join(), over);
			return answer;
		}
		answer.whenComplete((ready, failure) -> {
			if (answer.isCancelled()) {
				source.leave();
			}
			answered(ready, over);
		});
		return answer;
	}

	private static void answered(@Nullable HttpAnswer answer, Runnable over) {
		EventStream events = (answer != null) ? answer.events() : null;
		if (events != null) {
			events.whenOver().thenRun(over);
		}
		else {
			over.run();
		}
	}

	private CompletionStage<HttpAnswer> decoded(Admission.Admitted request, byte[] body, CallSource source) {
		if (this.threads.mayBlock() || !this.compression.isEncoded(request.head())) {
			return answer(request, body, source, this.threads);
		}
		// an event loop has others to serve while a body is decoded
		CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
		FirstTaskExecutor executor = new FirstTaskExecutor(this.threads.executor());
		Runnable task = this.threads.bound(() -> {
			try {
				answer(request, body, source, this.threads.on(executor)).whenComplete((ready, failure) -> {
					if (failure != null) {
						answer.completeExceptionally(failure);
					}
					else {
						answer.complete(ready);
					}
				});
			}
			catch (Throwable ex) {
				// user code is behind this too
				answer.completeExceptionally(ex);
			}
			executor.runFirst();
		});
		try {
			this.threads.executor().execute(task);
			return answer;
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.completedStage(this.answers.refusal(503, CallRunner.OVERLOADED));
		}
	}

	private CompletionStage<HttpAnswer> answer(Admission.Admitted request, byte[] body, CallSource source,
			CallThreads threads) {
		JsonRpcMessage message;
		try {
			message = this.reader.read(this.compression.decode(body, request.head()));
		}
		catch (ContentTooLargeException ex) {
			return CompletableFuture.completedStage(tooLarge());
		}
		catch (MalformedContentException ex) {
			return CompletableFuture.completedStage(unreadable());
		}
		catch (JsonRpcException ex) {
			JsonRpcError error = FailureTranslator.refused(ex);
			return CompletableFuture
				.completedStage(this.answers.single(new CallReply(error, this.writer.error(ex.id(), error))));
		}
		if (message instanceof JsonRpcMessage.Batch batch) {
			BatchRun run = new BatchRun(batch.entries(),
					(entry) -> this.oneWay.runInBatch(entry, source, threads.executor()),
					(entry) -> this.calls.refuse(entry, source), threads);
			CompletableFuture<List<byte[]>> replies = run.start(this.settings.batchConcurrency());
			this.calls.untilDeadline(replies, source, () -> run.end((entry) -> this.calls.late(entry, source)));
			return replies.thenApply(this.answers::batch);
		}
		return single(((JsonRpcMessage.Single) message).call(), source, request.head(), threads.executor());
	}

	private CompletionStage<HttpAnswer> single(JsonRpcMessage.Call call, CallSource source, RequestHead head,
			Executor executor) {
		for (String mirrored : head.values(RpcHeaders.METHOD)) {
			if (!mirrored.equals(call.method())) {
				JsonRpcError error = JsonRpcError.of(RpcStatus.INVALID_REQUEST);
				byte[] body = call.isNotification() ? null : this.writer.error(call.id(), error);
				return CompletableFuture.completedStage(this.answers.single(new CallReply(error, body)));
			}
		}
		CompletionStage<HttpAnswer> accepted = this.oneWay.answer(call, source, executor);
		return (accepted != null) ? accepted
				: this.calls.run(call, source, executor).thenApply((reply) -> this.answers.single(reply, source));
	}

}
