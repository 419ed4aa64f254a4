package dev.rpcboot.client;

import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;

import org.springframework.util.ClassUtils;

/**
 * Takes what belongs to the caller, such as its security context, its logging context,
 * its observation and the call that it serves, to the threads on which an asynchronous
 * call goes on. Where Micrometer's library is absent it does nothing.
 */
final class ContextPropagation {

	private static final boolean PRESENT = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
			ContextPropagation.class.getClassLoader());

	private ContextPropagation() {
	}

	/**
	 * An executor whose tasks run with the thread-locals that this thread has now.
	 */
	static Executor ofThisThread(Executor executor) {
		return PRESENT ? Snapshots.FACTORY.captureAll().wrapExecutor(executor) : executor;
	}

	/**
	 * Runs the action with the thread-locals that a context of a reactive library stands
	 * for.
	 */
	static <T> T with(Object context, Supplier<T> action) {
		return PRESENT ? Snapshots.run(context, action) : action.get();
	}

	/** Loaded only where the library is present. */
	private static final class Snapshots {

		static final ContextSnapshotFactory FACTORY = ContextSnapshotFactory.builder().build();

		static <T> T run(Object context, Supplier<T> action) {
			try (ContextSnapshot.Scope scope = FACTORY.captureFrom(context).setThreadLocals()) {
				return action.get();
			}
		}

	}

}
