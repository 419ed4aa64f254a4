package dev.rpcboot.server;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

import dev.rpcboot.Execution;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;

/**
 * What results that come item by item run on, and how many of them run at a time. Safe
 * for concurrent use.
 *
 * @since 0.1
 */
public final class StreamThreads implements AutoCloseable {

	private static final Duration LOOK = Duration.ofMillis(50);

	private final Executor executor;

	private final Semaphore permits;

	private final DeadlineTimer timer;

	private final Set<ItemSource<?>> running = ConcurrentHashMap.newKeySet();

	private final Set<EventStream> read = ConcurrentHashMap.newKeySet();

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

	/**
	 * Remembers a stream that is to be told when the application stops.
	 */
	void started(EventStream events) {
		this.read.add(events);
		events.whenOver().thenRun(() -> this.read.remove(events));
	}

	/**
	 * Waits for the streams that run, and ends those that have not ended after a while:
	 * their readers are told that this instance is leaving.
	 * @param then what to do when none runs any more
	 */
	public void drain(Duration linger, Runnable then) {
		Deadline deadline = Deadline.after(linger, NanoClock.SYSTEM);
		if (this.read.isEmpty() || deadline.isExpired()) {
			this.read.forEach((events) -> events
				.fail(new RpcCallException(JsonRpcError.of(RpcStatus.DRAINING).withExecution(Execution.UNKNOWN))));
			then.run();
		}
		else {
			this.timer.after(LOOK, () -> drain(deadline.remaining(), then));
		}
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
