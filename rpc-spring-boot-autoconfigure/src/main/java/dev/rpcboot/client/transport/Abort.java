package dev.rpcboot.client.transport;

import java.util.concurrent.CancellationException;

import org.jspecify.annotations.Nullable;

/**
 * Ends an exchange from another thread, whichever step it is in. Each step says how it is
 * ended; the last one wins back its connection, which can not be closed from here any
 * more when it serves somebody else.
 */
final class Abort {

	private @Nullable Runnable step;

	private boolean ended;

	private boolean finished;

	/**
	 * Ends the present step and refuses the next.
	 */
	synchronized void end() {
		if (!this.finished && !this.ended) {
			this.ended = true;
			if (this.step != null) {
				this.step.run();
			}
		}
	}

	/**
	 * Enters a step.
	 * @param end ends it; must not block
	 * @throws CancellationException if the exchange was ended
	 */
	synchronized void enter(Runnable end) {
		check();
		this.step = end;
	}

	/**
	 * Stands between two steps.
	 * @throws CancellationException if the exchange was ended
	 */
	synchronized void check() {
		if (this.ended) {
			throw new CancellationException("The exchange was ended");
		}
	}

	/**
	 * Leaves the last step.
	 * @return whether the exchange was not ended, and will not be
	 */
	synchronized boolean finish() {
		this.finished = true;
		return !this.ended;
	}

}
