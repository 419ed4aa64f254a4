package dev.rpcboot.server;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;

/**
 * Where the calls of a web stack run.
 *
 * @param mayBlock whether the thread of a request may run methods that block
 * @param executor runs what that thread does not run itself; may refuse it
 * @param context binds a task to the security context, the observation and so on of the
 * thread that asks, so that it can run on any other and more than once; {@code null} if
 * nothing can
 * @param timer answers for methods that block beyond their deadline; {@code null} where
 * the thread of the request itself is in them
 * @since 0.1
 */
public record CallThreads(boolean mayBlock, Executor executor, @Nullable TaskDecorator context,
		@Nullable DeadlineTimer timer) {

	/**
	 * Threads of a stack that has one for each request: calls stay on it, and the entries
	 * of a batch spread over the given ones, if their context can come along.
	 */
	public static CallThreads threadPerRequest(Executor executor, @Nullable TaskDecorator context) {
		return new CallThreads(true, executor, context, null);
	}

	/**
	 * Threads of a stack whose own must not block: blocking methods run on the given
	 * ones.
	 */
	public static CallThreads eventLoop(Executor executor, @Nullable TaskDecorator context, DeadlineTimer timer) {
		return new CallThreads(false, executor, context, timer);
	}

	/**
	 * Whether everything must stay on the thread of the request, because its context,
	 * which a filter has put there, cannot leave it.
	 */
	public boolean isTied() {
		return this.mayBlock && this.context == null;
	}

	/**
	 * The same, but that other tasks run elsewhere.
	 */
	CallThreads on(Executor executor) {
		return new CallThreads(this.mayBlock, executor, this.context, this.timer);
	}

	Runnable bound(Runnable task) {
		return (this.context != null) ? this.context.decorate(task) : task;
	}

}
