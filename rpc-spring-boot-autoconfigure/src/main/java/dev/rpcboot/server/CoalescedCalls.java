package dev.rpcboot.server;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.Execution;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import dev.rpcboot.jsonrpc.JsonRpcWriter;
import dev.rpcboot.server.overload.ConcurrencyLimiter;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls of several callers that came in one request, each as if it had come alone:
 * with a deadline, an id, a trace and a place of its own. Those that block run one after
 * another, since they take next to no time. Safe for concurrent use.
 */
final class CoalescedCalls {

	private final RequestJudge judge;

	private final AdmissionControl control;

	private final RunningCalls running;

	private final JsonRpcWriter writer;

	private final FailureTranslator failures;

	private final CallRunner calls;

	private final CallThreads threads;

	CoalescedCalls(RequestJudge judge, AdmissionControl control, RunningCalls running, JsonRpcWriter writer,
			FailureTranslator failures, CallRunner calls, CallThreads threads) {
		this.judge = judge;
		this.control = control;
		this.running = running;
		this.writer = writer;
		this.failures = failures;
		this.calls = calls;
		this.threads = threads;
	}

	/**
	 * Whether a request is one of such calls, as its head says: as many as that, each
	 * with somebody who waits for its answer, and no key that they would share.
	 * @param most how many there may be
	 */
	static boolean isWellFormed(CallSource source, List<JsonRpcMessage.Entry> entries, int most) {
		RequestHead head = source.head();
		return entries.size() <= most && !source.acceptsEvents() && head.values(RpcHeaders.IDEMPOTENCY_KEY).isEmpty()
				&& head.values(RpcHeaders.COALESCED).equals(List.of(Integer.toString(entries.size())))
				&& entries.stream()
					.allMatch((entry) -> entry instanceof JsonRpcMessage.Call call && !call.isNotification());
	}

	/**
	 * Runs them, on this thread if it may block or their methods do not.
	 * @param way runs one of them
	 * @return completes with their encoded answers, in order
	 */
	CompletionStage<List<byte[]>> run(Admission.Admitted request, List<JsonRpcMessage.Entry> entries, CallSource source,
			Way way) {
		// all of them now: whoever comes last has waited for the others
		List<Part> parts = entries.stream().map((entry) -> part(request, (JsonRpcMessage.Call) entry, source)).toList();
		Runnable run = inTurn(parts, way);
		if (this.threads.mayBlock() || parts.stream().noneMatch(Part::isBlocking)) {
			run.run();
		}
		else {
			try {
				this.threads.executor().execute(run);
			}
			catch (Throwable ex) {
				parts.forEach((part) -> end(part, this.writer.error(part.call().id(), CallRunner.OVERLOADED)));
			}
		}
		return CompletableFuture.allOf(parts.stream().map(Part::answer).toArray(CompletableFuture[]::new))
			.thenApply((done) -> parts.stream().map((part) -> part.answer().join()).toList());
	}

	/**
	 * Runs one after another, each with the thread as the request found it.
	 */
	private Runnable inTurn(List<Part> parts, Way way) {
		AtomicReference<Part> turn = new AtomicReference<>();
		Runnable one = this.threads.bound(() -> run(Objects.requireNonNull(turn.get()), way));
		return () -> parts.forEach((part) -> {
			turn.set(part);
			try {
				one.run();
			}
			// user code gives the thread its context
			catch (Throwable ex) {
				part.settled().set(true);
				part.answer().complete(failed(part, ex));
			}
		});
	}

	/**
	 * Answers one that has not begun to run, and does not any more.
	 */
	private static void end(Part part, byte[] answer) {
		if (part.settled().compareAndSet(false, true)) {
			part.answer().complete(answer);
		}
	}

	private Part part(Admission.Admitted request, JsonRpcMessage.Call call, CallSource source) {
		RpcHeaders own = call.headers();
		Admission.Admitted admitted = (own != null) ? this.judge.judge(request, own) : null;
		if (own == null || admitted == null) {
			return Part.refused(call, this.writer.error(call.id(), JsonRpcError.of(RpcStatus.INVALID_REQUEST)));
		}
		if (admitted.deadline().isExpired()) {
			return Part.refused(call, expired(call));
		}
		CallSource part = source.part(admitted, own);
		Runnable over = this.running.add(part);
		Runnable leaving = part::leave;
		source.onLeave(leaving);
		CompletableFuture<byte[]> answer = new CompletableFuture<>();
		answer.whenComplete((body, failure) -> {
			source.forget(leaving);
			over.run();
		});
		AtomicBoolean settled = new AtomicBoolean();
		this.calls.untilDeadline(answer, part,
				() -> answer.complete(settled.compareAndSet(false, true) ? expired(call) : late(call, part)));
		return new Part(call, part, answer, settled);
	}

	private byte[] expired(JsonRpcMessage.Call call) {
		return this.writer.error(call.id(),
				JsonRpcError.of(RpcStatus.DEADLINE_EXCEEDED).withExecution(Execution.NOT_EXECUTED));
	}

	private byte[] late(JsonRpcMessage.Call call, CallSource source) {
		return Objects.requireNonNull(this.calls.late(call, source).body());
	}

	private void run(Part part, Way way) {
		CallSource source = part.source();
		if (source == null || !part.settled().compareAndSet(false, true)) {
			return;
		}
		ConcurrencyLimiter.Place place = this.control.enterBeside(source.head(), source.principal());
		if (place == null) {
			part.answer().complete(this.writer.error(part.call().id(), CallRunner.OVERLOADED));
			return;
		}
		try {
			way.run(part.call(), source, place).whenComplete((answer, failure) -> {
				place.leave();
				part.answer().complete((failure != null) ? failed(part, failure) : answer.body());
			});
		}
		// user code is behind this, and others have to be answered too
		catch (Throwable ex) {
			place.leave();
			part.answer().complete(failed(part, ex));
		}
	}

	private byte[] failed(Part part, Throwable failure) {
		return this.writer.error(part.call().id(),
				this.failures.internal(failure, "A call that came with others", Execution.UNKNOWN));
	}

	/**
	 * How one of them runs.
	 */
	interface Way {

		CompletionStage<HttpAnswer> run(JsonRpcMessage.Call call, CallSource source, ConcurrencyLimiter.Place place);

	}

	/**
	 * One of the calls.
	 *
	 * @param source where it comes from, or {@code null} if it is refused
	 * @param answer completes with its encoded answer
	 * @param settled whether it is settled that it runs, or that it does not
	 */
	private record Part(JsonRpcMessage.Call call, @Nullable CallSource source, CompletableFuture<byte[]> answer,
			AtomicBoolean settled) {

		static Part refused(JsonRpcMessage.Call call, byte[] error) {
			return new Part(call, null, CompletableFuture.completedFuture(error), new AtomicBoolean(true));
		}

		boolean isBlocking() {
			ExportedMethod method = (this.source != null) ? this.source.service().method(this.call.method()) : null;
			return method != null && method.isBlocking();
		}

	}

}
