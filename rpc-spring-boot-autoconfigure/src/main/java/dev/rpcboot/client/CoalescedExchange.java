package dev.rpcboot.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.jsonrpc.CoalescedCodec;
import org.jspecify.annotations.Nullable;

/**
 * Several calls on their way together. It lasts as long as anybody waits for one of them,
 * and gives each what became of it.
 */
final class CoalescedExchange {

	private final List<CoalescedCall> calls = new ArrayList<>();

	private final RpcHeaders shared;

	private final CallContext context;

	private final AtomicInteger waiting;

	private final SharedLossException.Counted counted = new SharedLossException.Counted();

	private boolean lost;

	/**
	 * Prepares it.
	 * @param calls of one service at one instance; those are left out that have ended
	 * @param shared headers that they have in common
	 */
	CoalescedExchange(List<CoalescedCall> calls, RpcHeaders shared) {
		this.shared = shared;
		Deadline latest = calls.stream()
			.map((call) -> call.context().deadline())
			.max(Comparator.naturalOrder())
			.orElseThrow();
		this.context = new CallContext(latest, true, Runnable::run);
		this.waiting = new AtomicInteger(calls.size());
		for (CoalescedCall call : calls) {
			if (call.depart(this::left, this.counted)) {
				this.calls.add(call);
			}
			else {
				left();
			}
		}
	}

	private void left() {
		if (this.waiting.decrementAndGet() == 0) {
			this.context.cancel();
		}
	}

	/**
	 * The methods that are called.
	 */
	Set<String> methods() {
		return this.calls.stream().map(CoalescedCall::method).collect(Collectors.toSet());
	}

	boolean isEmpty() {
		return this.calls.isEmpty();
	}

	boolean isOfSeveral() {
		return this.calls.size() > 1;
	}

	/**
	 * Does it, on this thread.
	 * @param timer ends it at the latest deadline
	 * @return the answer to all, or {@code null} if there was none
	 */
	@Nullable Answer run(RpcTransport transport, CallTimer timer) {
		CallTimer.Task timeout = null;
		try {
			timeout = timer.schedule(this.context::expire, this.context.remaining());
			Answer answer = transport.exchange(message(), this.context).join();
			answered(answer);
			return answer;
		}
		// whatever comes: somebody waits for each of the calls
		catch (Throwable ex) {
			fail(Failures.unwrap(ex));
			return null;
		}
		finally {
			if (timeout != null) {
				timeout.cancel();
			}
		}
	}

	private Message message() {
		CoalescedCall first = this.calls.get(0);
		if (!isOfSeveral()) {
			return first.alone();
		}
		CoalescedCodec batch = new CoalescedCodec(this.calls.stream().mapToInt(CoalescedCall::size).sum());
		this.calls.forEach((call) -> batch.add(call.message().body(), call.own()));
		RpcHeaders headers = JsonRpcExchange.withTimeLeft(this.shared, this.context)
			.with(RpcHeaders.COALESCED, Integer.toString(this.calls.size()));
		return new Message(first.message().uri(), headers, batch.encode(), first.message().settings(),
				first.message().description() + " and " + (this.calls.size() - 1) + " more");
	}

	private void answered(Answer answer) {
		if (isOfSeveral() && CoalescingRefusal.isCertain(answer)) {
			// who stands before the server may say so of what it has let through
			boolean named = answer.headers().first(RpcHeaders.STATUS) != null;
			for (CoalescedCall call : this.calls) {
				if (named || call.isRepeatable()) {
					call.sendAlone();
				}
				else {
					call.answer(answer);
				}
			}
			return;
		}
		List<byte[]> parts = (isOfSeveral() && answer.status() == 200 && AnswerReader.isJson(answer))
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
			this.calls.get(i).answer(new Answer(answer.status(), answer.headers(), parts.get(i)));
		}
	}

	private void fail(Throwable failure) {
		this.lost = !this.context.isDone() && !(failure instanceof RpcUnavailableException);
		for (CoalescedCall call : this.calls) {
			Throwable cause = isOfSeveral() ? new SharedLossException(failure, this.counted) : failure;
			call.fail(failure(failure, call, cause));
		}
	}

	/**
	 * Whether it failed, though it was sent and somebody waited for it.
	 */
	boolean isLost() {
		return this.lost;
	}

	/**
	 * What the failure of all means to one, in an exception of its own.
	 */
	private Throwable failure(Throwable failure, CoalescedCall call, Throwable cause) {
		String text = isOfSeveral() ? call + ", sent together with others: " + failure.getMessage()
				: call + ": " + failure.getMessage();
		if (failure instanceof RpcUnavailableException unavailable) {
			return new RpcUnavailableException(text, unavailable.reason(), cause);
		}
		if (failure instanceof RejectedExecutionException && !this.context.isSent()) {
			return new RpcUnavailableException(text, RpcUnavailableException.Reason.SHUT_DOWN, cause);
		}
		if (failure instanceof RpcProtocolException malformed) {
			return new RpcProtocolException(text, malformed.execution(), cause);
		}
		if (failure instanceof RpcDeadlineExceededException late) {
			return new RpcDeadlineExceededException(text, late.execution(), cause);
		}
		if (failure instanceof RpcConnectionException || failure instanceof CancellationException) {
			return new RpcConnectionException(text, cause);
		}
		// a mistake, such as an unknown SSL bundle, which says what it is
		return failure;
	}

}
