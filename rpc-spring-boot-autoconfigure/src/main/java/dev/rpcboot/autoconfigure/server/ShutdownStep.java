package dev.rpcboot.autoconfigure.server;

import java.util.function.Consumer;

import org.springframework.context.SmartLifecycle;

/**
 * Something to be done, or waited for, while the application stops; at most for
 * {@code spring.lifecycle.timeout-per-shutdown-phase}.
 */
final class ShutdownStep implements SmartLifecycle {

	/** The phase in which requests are told to go elsewhere. */
	static final int LEAVING = DEFAULT_PHASE - 512;

	/**
	 * The phase in which the web server takes no more requests, and waits for those under
	 * way. Its module has a name for it, but need not be there.
	 */
	static final int LAST_REQUESTS = DEFAULT_PHASE - 1024;

	/** After both, and before the phase in which the web server is stopped. */
	static final int LAST_WORK = DEFAULT_PHASE - 1536;

	private final int phase;

	private final Consumer<Runnable> step;

	private final Runnable undo;

	private volatile boolean running;

	private volatile boolean done;

	/**
	 * Creates one.
	 * @param step is given what to run when it is done
	 */
	ShutdownStep(int phase, Consumer<Runnable> step) {
		this(phase, step, () -> {
		});
	}

	/**
	 * Creates one that can be undone.
	 * @param step is given what to run when it is done
	 * @param undo is run when the application is started again
	 */
	ShutdownStep(int phase, Consumer<Runnable> step, Runnable undo) {
		this.phase = phase;
		this.step = step;
		this.undo = undo;
	}

	@Override
	public void start() {
		this.running = true;
		if (this.done) {
			this.done = false;
			this.undo.run();
		}
	}

	/**
	 * A pause, as between tests, leaves the web server running.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.done = true;
		this.step.accept(callback);
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

}
