package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.JsonRpcMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchRunTests {

	private final List<JsonRpcMessage.Entry> entries = IntStream
		.range(0, 5).<JsonRpcMessage
				.Entry>mapToObj(
						(i) -> new JsonRpcMessage.Call(null, Integer.toString(i), null, false, RpcHeaders.EMPTY))
		.toList();

	@Test
	void runsAllEntriesOnTheStartingThreadWhenNoOtherIsFree() {
		BatchRun batch = new BatchRun(this.entries, (entry) -> CompletableFuture.completedStage(reply(entry)),
				BatchRunTests::refused, CallThreads.threadPerRequest(BatchRunTests::reject, (task) -> task));

		List<byte[]> answers = batch.start(16).toCompletableFuture().getNow(List.of());

		assertThat(answers).extracting(String::new).containsExactly("0", "1", "2", "3", "4");
	}

	@Test
	void startsAnEntryOnlyWhenOneBeforeItHasEndedAndAnswersInOrder() {
		List<CompletableFuture<CallReply>> started = new ArrayList<>();
		BatchRun batch = new BatchRun(this.entries, (entry) -> {
			started.add(new CompletableFuture<>());
			return started.get(started.size() - 1);
		}, BatchRunTests::refused, CallThreads.threadPerRequest(Runnable::run, (task) -> task));

		CompletableFuture<List<byte[]>> answers = batch.start(2).toCompletableFuture();
		List<Integer> startedSoFar = new ArrayList<>();
		for (int i : List.of(1, 0, 3, 4, 2)) {
			startedSoFar.add(started.size());
			started.get(i).complete(reply(this.entries.get(i)));
		}

		assertThat(startedSoFar).containsExactly(2, 3, 4, 5, 5);
		assertThat(answers.getNow(List.of())).extracting(String::new).containsExactly("0", "1", "2", "3", "4");
	}

	@Test
	void leavesOutNotifications() {
		BatchRun batch = new BatchRun(this.entries,
				(entry) -> CompletableFuture
					.completedStage(entry == this.entries.get(2) ? reply(entry) : new CallReply(null, null)),
				BatchRunTests::refused, CallThreads.threadPerRequest(Runnable::run, (task) -> task));

		assertThat(batch.start(4).toCompletableFuture().getNow(List.of())).extracting(String::new).containsExactly("2");
	}

	@Test
	void refusesWhatIsLeftWhenTheOnlyWorkerFindsNoThreadAnyMore() {
		CompletableFuture<CallReply> second = new CompletableFuture<>();
		AtomicInteger threads = new AtomicInteger(1);
		BatchRun batch = new BatchRun(this.entries,
				(entry) -> (entry == this.entries.get(1)) ? second : CompletableFuture.completedStage(reply(entry)),
				BatchRunTests::refused, CallThreads.eventLoop((task) -> {
					if (threads.getAndDecrement() <= 0) {
						throw new RejectedExecutionException();
					}
					task.run();
				}, null, new DeadlineTimer()));

		CompletableFuture<List<byte[]>> answers = batch.start(1).toCompletableFuture();
		second.complete(reply(this.entries.get(1)));

		assertThat(answers.getNow(List.of())).extracting(String::new).containsExactly("0", "1", "no", "no", "no");
	}

	@Test
	void waitsForEntriesOnTheThreadOfTheRequestWhoseContextCannotLeaveIt() {
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		BatchRun batch = new BatchRun(this.entries, (entry) -> {
			threads.add(Thread.currentThread());
			return CompletableFuture.supplyAsync(() -> reply(entry),
					CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS));
		}, BatchRunTests::refused, CallThreads.threadPerRequest((task) -> new Thread(task).start(), null));

		List<byte[]> answers = batch.start(4).toCompletableFuture().getNow(List.of());

		assertThat(answers).extracting(String::new).containsExactly("0", "1", "2", "3", "4");
		assertThat(threads).containsExactly(Thread.currentThread());
	}

	private static CompletionStage<CallReply> refused(JsonRpcMessage.Entry entry) {
		return CompletableFuture.completedStage(new CallReply(null, "no".getBytes()));
	}

	private static void reject(Runnable task) {
		throw new RejectedExecutionException();
	}

	private static CallReply reply(JsonRpcMessage.Entry entry) {
		return new CallReply(null, ((JsonRpcMessage.Call) entry).method().getBytes());
	}

}
