package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;

import dev.rpcboot.jsonrpc.JsonRpcMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchRunTests {

	private final List<JsonRpcMessage.Entry> entries = IntStream
		.range(0, 5).<JsonRpcMessage
				.Entry>mapToObj((i) -> new JsonRpcMessage.Call(null, Integer.toString(i), null, false))
		.toList();

	@Test
	void runsAllEntriesOnTheStartingThreadWhenNoOtherIsFree() {
		BatchRun batch = new BatchRun(this.entries, (entry) -> CompletableFuture.completedStage(reply(entry)));

		List<byte[]> answers = batch.start(16, (worker) -> {
			throw new RejectedExecutionException();
		}).toCompletableFuture().getNow(List.of());

		assertThat(answers).extracting(String::new).containsExactly("0", "1", "2", "3", "4");
	}

	@Test
	void startsAnEntryOnlyWhenOneBeforeItHasEndedAndAnswersInOrder() {
		List<CompletableFuture<CallReply>> started = new ArrayList<>();
		BatchRun batch = new BatchRun(this.entries, (entry) -> {
			started.add(new CompletableFuture<>());
			return started.get(started.size() - 1);
		});

		CompletableFuture<List<byte[]>> answers = batch.start(2, Runnable::run).toCompletableFuture();
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
		BatchRun batch = new BatchRun(this.entries, (entry) -> CompletableFuture
			.completedStage(entry == this.entries.get(2) ? reply(entry) : new CallReply(null, null)));

		assertThat(batch.start(4, Runnable::run).toCompletableFuture().getNow(List.of())).extracting(String::new)
			.containsExactly("2");
	}

	private static CallReply reply(JsonRpcMessage.Entry entry) {
		return new CallReply(null, ((JsonRpcMessage.Call) entry).method().getBytes());
	}

}
