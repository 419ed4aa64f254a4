package dev.rpcboot.client;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which asynchronous callers get their results. Not an {@link Executor}
 * itself: as a bean it would be taken for the application's own. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class CallExecutor implements AutoCloseable {

	private static final int MINIMUM_THREADS = 16;

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
	 * Uses a bounded pool of its own, whose threads end when there is nothing to do.
	 */
	public CallExecutor() {
		AtomicInteger number = new AtomicInteger();
		int threads = Math.max(MINIMUM_THREADS, 4 * Runtime.getRuntime().availableProcessors());
		ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, "rpc-client-" + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				},
				// at shutdown: a caller who still waits is answered by whatever thread
				// has the answer
				(task, closed) -> task.run());
		pool.allowCoreThreadTimeOut(true);
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
