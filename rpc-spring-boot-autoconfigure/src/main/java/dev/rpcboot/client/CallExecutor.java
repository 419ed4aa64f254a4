package dev.rpcboot.client;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which asynchronous callers get their results. Not an {@link Executor}
 * itself: as a bean it would be taken for the application's own. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class CallExecutor implements AutoCloseable {

	private final Executor executor;

	private final AutoCloseable close;

	/**
	 * Uses the given executor, which its owner closes.
	 */
	public CallExecutor(Executor executor) {
		this.executor = executor;
		this.close = () -> {
		};
	}

	/**
	 * Uses a pool of its own, which grows while its threads are busy: a result may be
	 * awaited by what hangs on another result.
	 */
	public CallExecutor() {
		AtomicInteger number = new AtomicInteger();
		ExecutorService pool = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task, "rpc-client-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		});
		this.executor = pool;
		this.close = pool::shutdown;
	}

	/**
	 * The executor.
	 */
	public Executor executor() {
		return this.executor;
	}

	@Override
	public void close() throws Exception {
		this.close.close();
	}

}
