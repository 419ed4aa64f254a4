package dev.rpcboot.server;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.Nullable;

/**
 * Runs a method on this thread so that cancelling its call interrupts the thread. The
 * JDK's task sees to it that nobody interrupts before the method is entered, nor after it
 * was left.
 */
final class InterruptibleRun {

	private InterruptibleRun() {
	}

	/**
	 * Runs the method to its end, whatever it makes of an interrupt.
	 * @throws java.util.concurrent.CancellationException if the call was cancelled
	 * meanwhile, or before, and then it is not entered
	 */
	static @Nullable Object of(RpcInvocation invocation, Body method) throws Throwable {
		FutureTask<@Nullable Object> task = new FutureTask<>(() -> {
			try {
				return method.run();
			}
			// user code: a Callable can throw no more than an Exception
			catch (Throwable ex) {
				throw new ExecutionException(ex);
			}
		});
		invocation.running(task);
		task.run();
		if (task.isCancelled()) {
			// by now the interrupt has come, and it must not hit what this thread does
			// next
			Thread.interrupted();
		}
		try {
			return task.get();
		}
		catch (ExecutionException ex) {
			throw thrown(thrown(ex));
		}
	}

	private static Throwable thrown(Throwable wrapper) {
		Throwable cause = wrapper.getCause();
		return (cause != null) ? cause : wrapper;
	}

	/**
	 * The method.
	 */
	@FunctionalInterface
	interface Body {

		@Nullable Object run() throws Throwable;

	}

}
