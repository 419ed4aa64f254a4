package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import dev.rpcboot.jsonrpc.JsonRpcWriter;
import dev.rpcboot.jsonrpc.RawJson;
import dev.rpcboot.server.overload.ConcurrencyLimiter;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls of several callers that came in one request, each as if it had come alone:
 * with a deadline, an id, a trace and a place of its own. They run one after another,
 * since their methods take next to no time, but for what does not block. Safe for
 * concurrent use.
 */
final class CoalescedCalls {

	private static final HttpAnswer NOTHING = new HttpAnswer(204, RpcHeaders.EMPTY, new byte[0]);

	private final RequestJudge judge;

	private final AdmissionControl control;

	private final RunningCalls running;

	private final JsonRpcReader reader;

	private final JsonRpcWriter writer;

	private final CallThreads threads;

	CoalescedCalls(RequestJudge judge, AdmissionControl control, RunningCalls running, JsonRpcReader reader,
			JsonRpcWriter writer, CallThreads threads) {
		this.judge = judge;
		this.control = control;
		this.running = running;
		this.reader = reader;
		this.writer = writer;
		this.threads = threads;
	}

	/**
	 * Runs them, on this thread if their methods block and it may.
	 * @param way runs one of them
	 * @return completes with their encoded answers, in order
	 */
	CompletionStage<List<byte[]>> run(Admission.Admitted request, List<JsonRpcMessage.Entry> entries, CallSource source,
			Way way) {
		if (this.threads.mayBlock() || entries.stream().noneMatch((entry) -> isBlocking(entry, source))) {
			return runHere(request, entries, source, way);
		}
		CompletableFuture<List<byte[]>> answers = new CompletableFuture<>();
		this.threads.executor().execute(this.threads.bound(() -> {
			try {
				runHere(request, entries, source, way).thenAccept(answers::complete);
			}
			// user code is behind this
			catch (Throwable ex) {
				answers.completeExceptionally(ex);
			}
		}));
		return answers;
	}

	private static boolean isBlocking(JsonRpcMessage.Entry entry, CallSource source) {
		ExportedMethod method = (entry instanceof JsonRpcMessage.Call call) ? source.service().method(call.method())
				: null;
		return method != null && method.isBlocking();
	}

	private CompletionStage<List<byte[]>> runHere(Admission.Admitted request, List<JsonRpcMessage.Entry> entries,
			CallSource source, Way way) {
		List<CompletableFuture<HttpAnswer>> answers = new ArrayList<>(entries.size());
		for (JsonRpcMessage.Entry entry : entries) {
			answers.add(run(request, entry, source, way).toCompletableFuture());
		}
		return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).thenApply((done) -> bodies(answers));
	}

	private static List<byte[]> bodies(List<CompletableFuture<HttpAnswer>> answers) {
		List<byte[]> bodies = new ArrayList<>(answers.size());
		for (CompletableFuture<HttpAnswer> answer : answers) {
			byte[] body = answer.join().body();
			if (body.length > 0) {
				bodies.add(body);
			}
		}
		return bodies;
	}

	private CompletionStage<HttpAnswer> run(Admission.Admitted request, JsonRpcMessage.Entry entry, CallSource source,
			Way way) {
		if (!(entry instanceof JsonRpcMessage.Call call)) {
			return refused(((JsonRpcMessage.Invalid) entry).id(), RpcStatus.INVALID_REQUEST);
		}
		RpcHeaders own = this.reader.headers(call);
		Admission.Admitted admitted = (own != null) ? this.judge.judge(request, own) : null;
		if (admitted == null) {
			return refused(call.id(), RpcStatus.INVALID_REQUEST);
		}
		ConcurrencyLimiter.Place place = this.control.enter(admitted.head(), source.principal());
		if (place == null) {
			return refused(call.id(), RpcStatus.OVERLOADED);
		}
		// that of the request is the same
		place.leaveThread();
		try {
			return run(call, source.part(admitted), source, way, place);
		}
		catch (Throwable ex) {
			place.leave();
			throw ex;
		}
	}

	private CompletionStage<HttpAnswer> run(JsonRpcMessage.Call call, CallSource part, CallSource source, Way way,
			ConcurrencyLimiter.Place place) {
		Runnable over = this.running.add(part);
		Runnable leaving = part::leave;
		source.onLeave(leaving);
		return way.run(call, part, place).whenComplete((answer, failure) -> {
			source.forget(leaving);
			over.run();
			place.leave();
		});
	}

	private CompletionStage<HttpAnswer> refused(@Nullable RawJson id, RpcStatus status) {
		JsonRpcError error = (status == RpcStatus.OVERLOADED) ? CallRunner.OVERLOADED : JsonRpcError.of(status);
		return CompletableFuture.completedStage(
				(id != null) ? new HttpAnswer(200, RpcHeaders.EMPTY, this.writer.error(id, error)) : NOTHING);
	}

	/**
	 * How one of them runs.
	 */
	interface Way {

		CompletionStage<HttpAnswer> run(JsonRpcMessage.Call call, CallSource source, ConcurrencyLimiter.Place place);

	}

}
