package dev.rpcboot.server;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the first task for the thread that asks, which is about to be free, and hands all
 * others on: a call that has a thread already must not need a second one. Safe for
 * concurrent use.
 */
final class FirstTaskExecutor implements Executor {

	private final Executor others;

	private final AtomicReference<@Nullable Runnable> first = new AtomicReference<>();

	FirstTaskExecutor(Executor others) {
		this.others = others;
	}

	@Override
	public void execute(Runnable task) {
		if (!this.first.compareAndSet(null, task)) {
			this.others.execute(task);
		}
	}

	/**
	 * Runs the task that was kept, if there is one. None is kept any more.
	 */
	void runFirst() {
		Runnable task = this.first.getAndSet(() -> {
		});
		if (task != null) {
			task.run();
		}
	}

}
