package dev.rpcboot.client;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.CoalescedCodec;
import org.jspecify.annotations.Nullable;

/**
 * Several calls on their way together. It lasts as long as anybody waits for one of them,
 * and gives each what became of it.
 */
final class CoalescedExchange {

	private static final int HTTP_BAD_REQUEST = 400;

	private static final int HTTP_TOO_LARGE = 413;

	private final List<CoalescedCall> calls;

	private final CallContext context;

	private final AtomicInteger waiting;

	/**
	 * Prepares it.
	 * @param calls at least one, of one service at one instance, with the same shared
	 * headers
	 */
	CoalescedExchange(List<CoalescedCall> calls) {
		this.calls = calls;
		this.waiting = new AtomicInteger(calls.size());
		Deadline latest = calls.stream()
			.map((call) -> call.context().deadline())
			.max(Comparator.naturalOrder())
			.orElseThrow();
		this.context = new CallContext(latest, true, Runnable::run);
	}

	/**
	 * Does it, on this thread.
	 * @param timer ends it if nobody waits any more
	 * @return the answer, or {@code null} if there was none, for what it says of others
	 * that may travel so
	 */
	RpcTransport.@Nullable Answer run(RpcTransport transport, CallTimer timer) {
		CallTimer.Task timeout = null;
		try {
			timeout = timer.schedule(this.context::expire, this.context.remaining());
			for (CoalescedCall call : this.calls) {
				call.endBy(this::left);
				// from now on nobody else can say that it is not
				call.context().markSent();
			}
			RpcTransport.Answer answer = transport.exchange(message(), this.context).join();
			answered(answer);
			return answer;
		}
		// whatever comes: somebody waits for each of the calls
		catch (Throwable ex) {
			Throwable failure = Failures.unwrap(ex);
			this.calls.forEach((call) -> call.fail(failure(failure, call)));
			return null;
		}
		finally {
			if (timeout != null) {
				timeout.cancel();
			}
		}
	}

	/**
	 * The methods that are called.
	 */
	Set<String> methods() {
		return this.calls.stream().map(CoalescedCall::method).collect(Collectors.toSet());
	}

	/**
	 * Whether the calls were refused, before any of them ran, because they came together.
	 */
	boolean isRefused(RpcTransport.Answer answer) {
		return this.calls.size() > 1 && (answer.status() == HTTP_BAD_REQUEST || answer.status() == HTTP_TOO_LARGE);
	}

	private void left() {
		if (this.waiting.decrementAndGet() == 0) {
			this.context.cancel();
		}
	}

	private RpcTransport.Message message() {
		RpcTransport.Message first = this.calls.get(0).message();
		if (this.calls.size() == 1) {
			return first;
		}
		CoalescedCodec batch = new CoalescedCodec(this.calls.stream().mapToInt(CoalescedCall::size).sum());
		this.calls.forEach((call) -> batch.add(call.message().body(), call.own()));
		Duration remaining = this.context.remaining();
		RpcHeaders headers = this.calls.get(0)
			.shared()
			.with(RpcHeaders.TIMEOUT, Long.toString(Math.max(1, remaining.toMillis())))
			.with(RpcHeaders.COALESCED, Integer.toString(this.calls.size()));
		return new RpcTransport.Message(first.uri(), headers, batch.encode(), first.settings(),
				first.description() + " and " + (this.calls.size() - 1) + " more");
	}

	private void answered(RpcTransport.Answer answer) {
		if (isRefused(answer)) {
			this.calls.forEach(CoalescedCall::sendAlone);
			return;
		}
		List<byte[]> parts = (this.calls.size() > 1 && answer.status() == 200 && AnswerReader.isJson(answer))
				? CoalescedCodec.split(answer.body()) : null;
		if (parts == null) {
			// it speaks for all of them
			this.calls.forEach((call) -> call.answer(answer));
			return;
		}
		if (parts.size() != this.calls.size()) {
			throw new RpcProtocolException(parts.size() + " answers came for " + this.calls.size() + " calls",
					Execution.UNKNOWN, null);
		}
		for (int i = 0; i < parts.size(); i++) {
			this.calls.get(i).answer(new RpcTransport.Answer(answer.status(), answer.headers(), parts.get(i)));
		}
	}

	/**
	 * What the failure of all means to one, in an exception of its own.
	 */
	private static Throwable failure(Throwable failure, CoalescedCall call) {
		String text = call + ", sent together with others: " + failure.getMessage();
		if (failure instanceof RpcUnavailableException unavailable) {
			return new RpcUnavailableException(text, unavailable.reason(), unavailable);
		}
		if (failure instanceof RpcProtocolException malformed) {
			return new RpcProtocolException(text, malformed.execution(), malformed);
		}
		if (failure instanceof RpcDeadlineExceededException late) {
			return new RpcDeadlineExceededException(text, late.execution(), late);
		}
		return (failure instanceof Exception) ? new RpcConnectionException(text, failure) : failure;
	}

}
