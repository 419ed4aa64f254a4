package dev.rpcboot.benchmark.load;

import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * How callers call.
 */
public enum Mode {

	/** Each blocks a platform thread. */
	PLATFORM {
		@Override
		Load load(int callers) {
			return new BlockingLoad(() -> Executors.newFixedThreadPool(callers), callers);
		}
	},

	/** Each blocks a virtual thread; from JDK 21 on. */
	VIRTUAL {
		@Override
		Load load(int callers) {
			return new BlockingLoad(Mode::virtualThreads, callers);
		}
	},

	/** Nobody waits; so many calls are under way. */
	ASYNC {
		@Override
		Load load(int callers) {
			return new AsyncLoad(callers);
		}
	};

	abstract Load load(int callers);

	/** Whether this virtual machine has it. */
	public boolean isAvailable() {
		return this != VIRTUAL || Runtime.version().feature() >= 21;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

	// by name: this is compiled for Java 17
	private static ExecutorService virtualThreads() {
		try {
			return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("There are no virtual threads before JDK 21", ex);
		}
	}

}
