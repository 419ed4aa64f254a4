package dev.rpcboot.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ItemLoopTests {

	private static final int MANY = 200_000;

	@Test
	void takesWhatIsThereAtOnceWithoutRecursion() throws Exception {
		Collector collector = new Collector();

		collector.takeAll(new Counter(Runnable::run));

		assertThat(collector.end.get(10, TimeUnit.SECONDS)).hasSize(MANY).isSorted();
	}

	@Test
	void takesWhatComesOnAnotherThread() throws Exception {
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try {
			Collector collector = new Collector();

			collector.takeAll(new Counter(thread::execute));

			assertThat(collector.end.get(30, TimeUnit.SECONDS)).hasSize(MANY).isSorted();
		}
		finally {
			thread.shutdownNow();
		}
	}

	/** Counts up, each time by the given executor. */
	private static final class Counter implements ItemSource<Integer> {

		private final Executor executor;

		private int count;

		Counter(Executor executor) {
			this.executor = executor;
		}

		@Override
		public void next(Receiver<? super Integer> receiver) {
			this.executor.execute(() -> {
				if (this.count == MANY) {
					receiver.end();
				}
				else {
					receiver.item(this.count++);
				}
			});
		}

		@Override
		public void cancel() {
			throw new UnsupportedOperationException();
		}

	}

	private static final class Collector implements ItemSource.Receiver<Integer> {

		final CompletableFuture<List<Integer>> end = new CompletableFuture<>();

		private final List<Integer> items = new ArrayList<>();

		private ItemLoop<Integer> loop;

		void takeAll(ItemSource<Integer> source) {
			this.loop = new ItemLoop<>(source, this);
			this.loop.next();
		}

		@Override
		public void item(Integer item) {
			this.items.add(item);
			this.loop.next();
		}

		@Override
		public void end() {
			this.end.complete(this.items);
		}

		@Override
		public void failed(Throwable failure) {
			this.end.completeExceptionally(failure);
		}

	}

}
