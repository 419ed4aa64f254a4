package dev.rpcboot.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

import dev.rpcboot.call.ItemSource;

/**
 * What results that come item by item run on, and how many of them run at a time. Safe
 * for concurrent use.
 *
 * @since 0.1
 */
public final class StreamThreads implements AutoCloseable {

	private final Executor executor;

	private final Semaphore permits;

	private final DeadlineTimer timer;

	private final Set<ItemSource<?>> running = ConcurrentHashMap.newKeySet();

	/**
	 * Creates one.
	 * @param executor runs what may block: a stream needs at most one thread at a time,
	 * and none while its reader is slow. It must not be bounded more narrowly than that
	 * @param maxConcurrent how many streams run at a time
	 * @param timer keeps the time of heartbeats and of readers that take nothing
	 */
	public StreamThreads(Executor executor, int maxConcurrent, DeadlineTimer timer) {
		this.executor = executor;
		this.permits = new Semaphore(maxConcurrent);
		this.timer = timer;
	}

	/**
	 * Takes the permit that a stream needs from before its method is entered until
	 * nothing of its producer runs any more.
	 */
	boolean tryEnter() {
		return this.permits.tryAcquire();
	}

	void leave() {
		this.permits.release();
	}

	/**
	 * Remembers a stream that is to be cancelled when the application stops.
	 */
	void started(ItemSource<?> stream) {
		this.running.add(stream);
	}

	void ended(ItemSource<?> stream) {
		this.running.remove(stream);
	}

	Executor executor() {
		return this.executor;
	}

	DeadlineTimer timer() {
		return this.timer;
	}

	/**
	 * Cancels the streams that still run.
	 */
	@Override
	public void close() {
		this.running.forEach(ItemSource::cancel);
	}

}
