package dev.rpcboot.server;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.compression.ContentTooLargeException;
import dev.rpcboot.compression.MalformedContentException;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcException;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import dev.rpcboot.jsonrpc.JsonRpcWriter;
import dev.rpcboot.server.overload.ConcurrencyLimiter;
import dev.rpcboot.server.overload.Ending;
import org.jspecify.annotations.Nullable;

/**
 * Runs what the body of an admitted request asks for. Safe for concurrent use.
 */
final class RequestRunner {

	private final RpcServerSettings settings;

	private final JsonRpcReader reader;

	private final JsonRpcWriter writer;

	private final AnswerFactory answers;

	private final MessageCompression compression;

	private final CallThreads threads;

	private final CallRunner calls;

	private final OneWayCalls oneWay;

	private final CoalescedCalls coalesced;

	RequestRunner(RpcServerSettings settings, JsonRpcReader reader, JsonRpcWriter writer, AnswerFactory answers,
			MessageCompression compression, CallThreads threads, CallRunner calls, OneWayCalls oneWay,
			CoalescedCalls coalesced) {
		this.settings = settings;
		this.reader = reader;
		this.writer = writer;
		this.answers = answers;
		this.compression = compression;
		this.threads = threads;
		this.calls = calls;
		this.oneWay = oneWay;
		this.coalesced = coalesced;
	}

	/**
	 * Runs it, on a thread that may decode it.
	 */
	CompletionStage<HttpAnswer> run(Admission.Admitted request, byte[] body, CallSource source,
			ConcurrencyLimiter.Place place) {
		if (this.threads.mayBlock() || !this.compression.isEncoded(request.head())) {
			return answer(request, body, source, place, this.threads);
		}
		// an event loop has others to serve while a body is decoded
		CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
		FirstTaskExecutor executor = new FirstTaskExecutor(this.threads.executor());
		Runnable task = this.threads.bound(() -> {
			if (source.isLeft()) {
				return;
			}
			try {
				answer(request, body, source, place, this.threads.on(executor)).whenComplete((ready, failure) -> {
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
			// its caller may leave meanwhile, and the place with it
			holding(place, this.threads.executor()).execute(task);
			return answer;
		}
		catch (RejectedExecutionException ex) {
			return CompletableFuture.completedStage(this.answers.refusal(503, CallRunner.OVERLOADED));
		}
	}

	private CompletionStage<HttpAnswer> answer(Admission.Admitted request, byte[] body, CallSource source,
			ConcurrencyLimiter.Place place, CallThreads threads) {
		JsonRpcMessage message;
		try {
			message = this.reader.read(this.compression.decode(body, request.head()));
		}
		catch (ContentTooLargeException ex) {
			return CompletableFuture.completedStage(this.answers.refusal(413, RpcStatus.PAYLOAD_TOO_LARGE));
		}
		catch (MalformedContentException ex) {
			return CompletableFuture.completedStage(this.answers.refusal(400, RpcStatus.PARSE_ERROR));
		}
		catch (JsonRpcException ex) {
			JsonRpcError error = FailureTranslator.refused(ex);
			return CompletableFuture
				.completedStage(this.answers.single(new CallReply(error, this.writer.error(ex.id(), error))));
		}
		if (message instanceof JsonRpcMessage.Batch batch) {
			if (!source.head().values(RpcHeaders.METHOD).isEmpty()) {
				// it speaks for one call, and would let all of these in for it
				return CompletableFuture.completedStage(this.answers.refusal(400, RpcStatus.INVALID_REQUEST));
			}
			place.runsLong();
			if (source.isCoalesced()) {
				return coalesced(request, batch.entries(), source);
			}
			BatchRun run = new BatchRun(batch.entries(),
					(entry) -> this.oneWay.runInBatch(entry, source, threads.executor()),
					(entry) -> this.calls.refuse(entry, source), threads);
			CompletableFuture<List<byte[]>> replies = run.start(this.settings.batchConcurrency());
			this.calls.untilDeadline(replies, source, () -> run.end((entry) -> this.calls.late(entry, source)));
			return replies.thenApply(this.answers::batch);
		}
		return single(((JsonRpcMessage.Single) message).call(), source, place, threads.executor());
	}

	private CompletionStage<HttpAnswer> coalesced(Admission.Admitted request, List<JsonRpcMessage.Entry> entries,
			CallSource source) {
		if (!CoalescedCalls.isWellFormed(source, entries, this.settings.coalescing().most())) {
			return CompletableFuture.completedStage(this.answers.refusal(400, RpcStatus.INVALID_REQUEST));
		}
		return this.coalesced
			.run(request, entries, source, (call, part, place) -> single(call, part, place, Runnable::run))
			.thenApply((bodies) -> {
				int most = entries.stream()
					.map((entry) -> source.service().method(((JsonRpcMessage.Call) entry).method()))
					.filter(Objects::nonNull)
					.mapToInt(this::together)
					.min()
					.orElse(0);
				return this.answers.inviting(this.answers.batch(bodies), most);
			});
	}

	private CompletionStage<HttpAnswer> single(JsonRpcMessage.Call call, CallSource source,
			ConcurrencyLimiter.Place place, Executor executor) {
		for (String mirrored : source.head().values(RpcHeaders.METHOD)) {
			if (!mirrored.equals(call.method())) {
				JsonRpcError error = JsonRpcError.of(RpcStatus.INVALID_REQUEST);
				byte[] body = call.isNotification() ? null : this.writer.error(call.id(), error);
				return CompletableFuture.completedStage(this.answers.single(new CallReply(error, body)));
			}
		}
		CompletionStage<HttpAnswer> accepted = this.oneWay.answer(call, source, executor);
		if (accepted != null) {
			return accepted;
		}
		ExportedMethod method = source.service().method(call.method());
		if (method != null) {
			place.runs(method);
		}
		return this.calls.run(call, source, holding(place, executor)).thenApply((reply) -> {
			if (method != null) {
				learn(place, method, reply);
			}
			HttpAnswer answer = this.answers.single(reply, source);
			return (method != null && source.asksForOthers()) ? this.answers.inviting(answer, together(method))
					: answer;
		});
	}

	private int together(ExportedMethod method) {
		return method.pace().together(this.settings.coalescing().threshold());
	}

	private void learn(ConcurrencyLimiter.Place place, ExportedMethod method, CallReply reply) {
		// on a thread of its request a method has ended, however late that was
		boolean ended = this.threads.mayBlock() && method.isBlocking();
		Ending ending = CallEnding.of(method.contract().returnKind(), reply.error(), ended);
		if (ending != null) {
			place.ended(ending);
		}
	}

	/**
	 * What runs on such a thread holds the place until it has ended, even if its call was
	 * answered before, as late.
	 */
	private static Executor holding(ConcurrencyLimiter.Place place, Executor executor) {
		return (task) -> {
			place.hold();
			try {
				executor.execute(() -> {
					try {
						task.run();
					}
					finally {
						place.leave();
					}
				});
			}
			catch (Throwable ex) {
				// such as an OutOfMemoryError where no thread can be made
				place.leave();
				throw ex;
			}
		};
	}

}
