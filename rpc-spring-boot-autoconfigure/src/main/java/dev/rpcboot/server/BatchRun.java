package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

import dev.rpcboot.jsonrpc.JsonRpcMessage;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one batch on their way. A few workers take one entry after another, all
 * under the context of the thread that starts the batch. Where that thread may block it
 * is one of them, so that the batch makes progress even if no other is free.
 */
final class BatchRun {

	private final List<JsonRpcMessage.Entry> entries;

	private final Function<JsonRpcMessage.Entry, CompletionStage<CallReply>> call;

	private final Function<JsonRpcMessage.Entry, CompletionStage<CallReply>> refuse;

	private final CallThreads threads;

	// captured once: the thread that completes an entry may be anybody's
	private final Runnable worker;

	private final AtomicReferenceArray<@Nullable CallReply> replies;

	private final AtomicInteger next = new AtomicInteger();

	private final AtomicInteger open;

	// the start counts as one, so that nobody thinks he is the last while others start
	private final AtomicInteger workers = new AtomicInteger(1);

	private final CompletableFuture<List<byte[]>> done = new CompletableFuture<>();

	/**
	 * Prepares a batch on the thread of its request.
	 * @param call runs an entry on the thread that asks
	 * @param refuse answers an entry for which there is no thread, without running it
	 */
	BatchRun(List<JsonRpcMessage.Entry> entries, Function<JsonRpcMessage.Entry, CompletionStage<CallReply>> call,
			Function<JsonRpcMessage.Entry, CompletionStage<CallReply>> refuse, CallThreads threads) {
		this.entries = entries;
		this.call = call;
		this.refuse = refuse;
		this.threads = threads;
		this.worker = threads.bound(this::work);
		this.replies = new AtomicReferenceArray<>(entries.size());
		this.open = new AtomicInteger(entries.size());
	}

	/**
	 * Runs the entries, at most so many at a time.
	 * @return completes with the encoded responses, in the order of the entries
	 */
	CompletableFuture<List<byte[]>> start(int concurrency) {
		int others = Math.min(concurrency, this.entries.size()) - (this.threads.mayBlock() ? 1 : 0);
		for (int i = 0; i < others && !this.threads.isTied(); i++) {
			this.workers.incrementAndGet();
			if (!goOn()) {
				break;
			}
		}
		if (this.threads.mayBlock()) {
			work();
		}
		else {
			retire();
		}
		return this.done;
	}

	private void work() {
		try {
			takeEntries();
		}
		catch (Throwable ex) {
			// calls answer their own failures; whatever else happens, nobody may wait for
			// ever
			this.done.completeExceptionally(ex);
		}
	}

	private void takeEntries() {
		for (int i = this.next.getAndIncrement(); i < this.entries.size(); i = this.next.getAndIncrement()) {
			int index = i;
			CompletableFuture<CallReply> reply = this.call.apply(this.entries.get(index)).toCompletableFuture();
			if (!reply.isDone() && !this.threads.isTied()) {
				reply.whenComplete((answered, failure) -> {
					if (failure != null) {
						this.done.completeExceptionally(failure);
					}
					else {
						record(index, answered);
					}
					goOn();
				});
				return;
			}
			record(index, reply.join());
		}
		retire();
	}

	private boolean goOn() {
		try {
			this.threads.executor().execute(this.worker);
			return true;
		}
		catch (RejectedExecutionException ex) {
			retire();
			return false;
		}
	}

	/**
	 * Ends a worker. What the last one leaves, nobody has a thread for.
	 */
	private void retire() {
		if (this.workers.decrementAndGet() == 0) {
			for (int i = this.next.getAndIncrement(); i < this.entries.size(); i = this.next.getAndIncrement()) {
				int index = i;
				this.refuse.apply(this.entries.get(index)).thenAccept((reply) -> record(index, reply));
			}
		}
	}

	/**
	 * Ends the batch now, with this in place of what is not there yet.
	 */
	void end(Function<JsonRpcMessage.Entry, CallReply> late) {
		this.next.set(this.entries.size());
		for (int i = 0; i < this.entries.size(); i++) {
			if (this.replies.get(i) == null) {
				record(i, late.apply(this.entries.get(i)));
			}
		}
	}

	private void record(int index, CallReply reply) {
		if (this.replies.compareAndSet(index, null, reply) && this.open.decrementAndGet() == 0) {
			List<byte[]> bodies = new ArrayList<>();
			for (int i = 0; i < this.replies.length(); i++) {
				CallReply answered = this.replies.get(i);
				if (answered != null && answered.body() != null) {
					bodies.add(answered.body());
				}
			}
			this.done.complete(bodies);
		}
	}

}
