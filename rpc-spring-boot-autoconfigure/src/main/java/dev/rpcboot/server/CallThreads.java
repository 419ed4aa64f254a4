package dev.rpcboot.server;

import java.util.concurrent.Executor;

/**
 * Where the calls of a web stack run.
 *
 * @param blockingCalls runs methods that block; may refuse them
 * @param batchWorkers runs those entries of a batch that the thread of the request does
 * not run itself; may refuse them
 * @since 0.1
 */
public record CallThreads(Executor blockingCalls, Executor batchWorkers) {

	/**
	 * Threads of a stack that has one for each request: calls stay on it, and the entries
	 * of a batch spread over the given ones.
	 */
	public static CallThreads threadPerRequest(Executor executor) {
		return new CallThreads(Runnable::run, executor);
	}

	/**
	 * Threads of a stack whose own must not block: blocking methods run on the given
	 * ones.
	 */
	public static CallThreads eventLoop(Executor executor) {
		return new CallThreads(executor, Runnable::run);
	}

}
