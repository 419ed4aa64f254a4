package dev.rpcboot.server;

import java.security.Principal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.Execution;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.jsonrpc.JsonRpcReader;
import dev.rpcboot.jsonrpc.JsonRpcWriter;
import dev.rpcboot.server.overload.ConcurrencyLimiter;
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

	private final AnswerFactory answers;

	private final RequestJudge judge;

	private final FailureTranslator failures;

	private final RequestRunner runner;

	private final RunningCalls running;

	private final AcceptedWork accepted;

	private final JsonRpcWriter writer;

	private final MessageCompression compression;

	private final ConcurrencyLimiter limiter;

	private final AdmissionControl control;

	private final RequestMemory requestMemory;

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
		this.requestMemory = new RequestMemory(settings.maxRequestMemory().toBytes(), NanoClock.SYSTEM);
		this.writer = writer;
		this.compression = new MessageCompression(settings, threads);
		this.answers = new AnswerFactory(settings.statusMode(), settings.coalescing().most(), writer);
		this.limiter = new ConcurrencyLimiter(settings.concurrency().min(), settings.concurrency().max(),
				settings.concurrency().threads(), NanoClock.SYSTEM);
		this.control = new AdmissionControl(this.limiter, this.requestMemory, this.answers, NanoClock.SYSTEM);
		this.judge = new RequestJudge(settings, ExportedService.byName(services), this.answers, this.compression,
				this.control, NanoClock.SYSTEM);
		this.failures = new FailureTranslator(resolvers);
		this.running = new RunningCalls(reader);
		CallRunner calls = new CallRunner(threads, this.running, streams, observer, pipeline, this.failures, writer,
				settings);
		this.accepted = new AcceptedWork(settings.maxOneWay());
		this.runner = new RequestRunner(settings, reader, writer, this.answers, this.compression, threads, calls,
				new OneWayCalls(threads, calls, this.answers, settings.maxTimeout(), this.accepted),
				new CoalescedCalls(this.judge, this.control, this.running, writer, this.failures, calls, threads));
	}

	/**
	 * Runs an action as soon as every one-way call that was accepted has ended; a
	 * shutdown waits for that. Without any the action runs at once.
	 */
	public void whenAcceptedCallsEnd(Runnable action) {
		this.accepted.whenNone(action);
	}

	/**
	 * Refuses requests from now on, so that callers turn to other instances, and waits
	 * until those have stopped coming that can be told.
	 * @param linger how long to wait at most
	 * @param timer keeps the time
	 * @param done is run then; at once if nobody has called for a while
	 */
	public void drain(Duration linger, DeadlineTimer timer, Runnable done) {
		this.control.drain(linger, timer, done);
	}

	/**
	 * Takes requests again after {@link #drain}.
	 */
	public void resume() {
		this.control.resume();
	}

	/**
	 * What bounds the requests that run at a time.
	 */
	public ConcurrencyLimiter limiter() {
		return this.limiter;
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
	 * What there is for the bodies that are being read.
	 */
	public RequestMemory requestMemory() {
		return this.requestMemory;
	}

	/**
	 * Answers a request for whose body there is no memory left.
	 */
	public HttpAnswer overloaded() {
		return this.control.overloaded();
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
		ConcurrencyLimiter.Place place = this.control.enter(request.head(), principal);
		if (place == null) {
			return CompletableFuture.completedStage(this.control.overloaded());
		}
		CallSource source = new CallSource(request, principal, reactorContext, this.settings.maxAnswerSize().toBytes());
		try {
			return answer(request, body, source, place, begin(source, place));
		}
		catch (Throwable ex) {
			// user code is behind this; what it throws must not reach the container
			return CompletableFuture.completedStage(failed(ex));
		}
		finally {
			place.leaveThread();
		}
	}

	private Runnable begin(CallSource source, ConcurrencyLimiter.Place place) {
		try {
			return this.running.add(source);
		}
		catch (Throwable ex) {
			// a principal's name is user code too
			place.leave();
			throw ex;
		}
	}

	/**
	 * Answers a request.
	 * @param place is given back when it is answered or, if that is by a stream, when the
	 * stream begins: streams have permits of their own
	 * @param over is run when it is answered, or when the stream has ended that it is
	 * answered by
	 */
	private CompletionStage<HttpAnswer> answer(Admission.Admitted request, byte[] body, CallSource source,
			ConcurrencyLimiter.Place place, Runnable over) {
		CompletableFuture<HttpAnswer> answer;
		try {
			answer = this.compression.encode(this.runner.run(request, body, source, place), request.head())
				.exceptionally(this::failed)
				.toCompletableFuture();
		}
		catch (Throwable ex) {
			place.leave();
			over.run();
			throw ex;
		}
		if (answer.isDone() && !answer.isCompletedExceptionally()) {
			place.leave();
			answered(answer.join(), over);
			return answer;
		}
		answer.whenComplete((ready, failure) -> {
			place.leave();
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

}
