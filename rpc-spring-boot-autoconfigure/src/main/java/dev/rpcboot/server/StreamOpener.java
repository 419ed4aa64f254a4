package dev.rpcboot.server;

import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.rpcboot.call.ItemSource;
import org.jspecify.annotations.Nullable;

/**
 * Starts results that come item by item. Safe for concurrent use.
 */
final class StreamOpener {

	private final CallThreads threads;

	private final StreamThreads streams;

	StreamOpener(CallThreads threads, StreamThreads streams) {
		this.threads = threads;
		this.streams = streams;
	}

	/**
	 * Enters a method and waits for the first signal of what it returns.
	 * @return completes with an {@link OpenStream}; what fails before the first item
	 * fails it
	 * @throws RpcCallException if too many streams run already
	 */
	CompletionStage<@Nullable Object> open(RpcInvocation invocation) throws Throwable {
		if (!this.streams.tryEnter()) {
			throw new RpcCallException(CallRunner.OVERLOADED);
		}
		Running running = new Running();
		try {
			ItemSource<Object> source = source(ServerPipeline.present(invocation.invoke(), invocation), invocation,
					running);
			running.start(source);
			CompletableFuture<@Nullable Object> opened = new OpenStream(source).open();
			invocation.running(opened);
			return opened;
		}
		// user code, and want of threads
		catch (Throwable ex) {
			running.end();
			throw ex;
		}
	}

	private ItemSource<Object> source(Object returned, RpcInvocation invocation, Running running) {
		return switch (invocation.method().returnKind()) {
			case FLUX -> ReactorResults.items(returned, invocation.source().reactorContext(), running::end);
			case STREAM -> pulled((Stream<?>) returned, bound(), running::end);
			case ITERATOR -> new PulledItems((Iterator<?>) returned,
					(returned instanceof AutoCloseable resource) ? resource : () -> {
					}, bound(), running::end);
			case VALUE, FUTURE, MONO -> throw new IllegalArgumentException(invocation + " returns no stream");
		};
	}

	private static PulledItems pulled(Stream<?> stream, Executor executor, Runnable released) {
		try {
			return new PulledItems(stream.iterator(), stream, executor, released);
		}
		catch (Throwable ex) {
			stream.close();
			throw ex;
		}
	}

	/**
	 * The threads, each time under the context of the thread that asks now.
	 */
	private Executor bound() {
		// a task is bound once, and the context with it, so it has to ask what to do
		Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
		Runnable one = this.threads.bound(() -> Objects.requireNonNull(tasks.poll()).run());
		return (task) -> {
			tasks.add(task);
			try {
				this.streams.executor().execute(one);
			}
			catch (RejectedExecutionException ex) {
				if (tasks.remove(task)) {
					throw ex;
				}
				// somebody else's turn has done it, and left what was his to us
				one.run();
			}
		};
	}

	/**
	 * Gives a permit back once, whichever way a stream ends.
	 */
	private final class Running {

		private final AtomicBoolean ended = new AtomicBoolean();

		private volatile @Nullable ItemSource<Object> source;

		void start(ItemSource<Object> source) {
			this.source = source;
			StreamOpener.this.streams.started(source);
		}

		void end() {
			if (this.ended.compareAndSet(false, true)) {
				ItemSource<Object> source = this.source;
				if (source != null) {
					StreamOpener.this.streams.ended(source);
				}
				StreamOpener.this.streams.leave();
			}
		}

	}

}
