package dev.rpcboot.server;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts work that callers were promised, so that there is never too much of it, and a
 * shutdown can wait for it. Safe for concurrent use.
 */
final class AcceptedWork {

	private final List<Runnable> waiting = new ArrayList<>();

	private final int max;

	private int running;

	/**
	 * Creates one.
	 * @param max how much may run at a time
	 */
	AcceptedWork(int max) {
		this.max = max;
	}

	/**
	 * Begins one more, which must be ended, or refuses it because there is enough.
	 */
	synchronized boolean tryBegin() {
		if (this.running == this.max) {
			return false;
		}
		this.running++;
		return true;
	}

	void end() {
		List<Runnable> told = List.of();
		synchronized (this) {
			if (--this.running == 0) {
				told = List.copyOf(this.waiting);
				this.waiting.clear();
			}
		}
		told.forEach(Runnable::run);
	}

	/**
	 * Runs an action as soon as there is no such work: now, or on the thread that ends
	 * the last of it.
	 */
	void whenNone(Runnable action) {
		synchronized (this) {
			if (this.running > 0) {
				this.waiting.add(action);
				return;
			}
		}
		action.run();
	}

}
