package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

import dev.rpcboot.jsonrpc.JsonRpcMessage;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one batch on their way. A few workers take one entry after another; the
 * thread that starts the batch is one of them, so that a batch makes progress even where
 * no other thread is free.
 */
final class BatchRun {

	private final List<JsonRpcMessage.Entry> entries;

	private final Function<JsonRpcMessage.Entry, CompletionStage<CallReply>> call;

	private final AtomicReferenceArray<@Nullable CallReply> replies;

	private final AtomicInteger next = new AtomicInteger();

	private final AtomicInteger open;

	private final CompletableFuture<List<byte[]>> done = new CompletableFuture<>();

	/**
	 * Prepares a batch.
	 * @param call runs an entry; its stage never fails
	 */
	BatchRun(List<JsonRpcMessage.Entry> entries, Function<JsonRpcMessage.Entry, CompletionStage<CallReply>> call) {
		this.entries = entries;
		this.call = call;
		this.replies = new AtomicReferenceArray<>(entries.size());
		this.open = new AtomicInteger(entries.size());
	}

	/**
	 * Runs the entries, at most so many at a time.
	 * @param workers where workers other than this thread run; may refuse them
	 * @return completes with the encoded responses, in the order of the entries
	 */
	CompletionStage<List<byte[]>> start(int concurrency, Executor workers) {
		for (int i = 1; i < Math.min(concurrency, this.entries.size()); i++) {
			try {
				workers.execute(this::work);
			}
			catch (RejectedExecutionException ex) {
				break;
			}
		}
		work();
		return this.done;
	}

	private void work() {
		for (int i = this.next.getAndIncrement(); i < this.entries.size(); i = this.next.getAndIncrement()) {
			int index = i;
			CompletableFuture<CallReply> reply = this.call.apply(this.entries.get(index)).toCompletableFuture();
			if (!reply.isDone()) {
				reply.thenAccept((answered) -> {
					record(index, answered);
					work();
				});
				return;
			}
			record(index, reply.join());
		}
	}

	private void record(int index, CallReply reply) {
		this.replies.set(index, reply);
		if (this.open.decrementAndGet() == 0) {
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
