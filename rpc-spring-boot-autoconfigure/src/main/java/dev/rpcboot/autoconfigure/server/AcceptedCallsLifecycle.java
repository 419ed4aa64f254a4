package dev.rpcboot.autoconfigure.server;

import java.util.function.Supplier;

import dev.rpcboot.server.RpcDispatcher;

import org.springframework.context.SmartLifecycle;

/**
 * Holds up a shutdown until the one-way calls that were accepted have ended, at most for
 * {@code spring.lifecycle.timeout-per-shutdown-phase}.
 */
final class AcceptedCallsLifecycle implements SmartLifecycle {

	private final Supplier<RpcDispatcher> dispatcher;

	private volatile boolean running;

	/**
	 * Creates one.
	 * @param dispatcher answers requests; asked for when the application is complete
	 */
	AcceptedCallsLifecycle(Supplier<RpcDispatcher> dispatcher) {
		this.dispatcher = dispatcher;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.dispatcher.get().whenAcceptedCallsEnd(callback);
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Between two phases of the web server: when it takes no more requests (DEFAULT_PHASE
	 * - 1024), and before it is stopped (DEFAULT_PHASE - 2048). Its module has names for
	 * them, but need not be there.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 1536;
	}

}
