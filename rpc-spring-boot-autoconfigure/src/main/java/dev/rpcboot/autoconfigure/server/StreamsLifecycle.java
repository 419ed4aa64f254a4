package dev.rpcboot.autoconfigure.server;

import java.time.Duration;

import dev.rpcboot.server.StreamThreads;

import org.springframework.context.SmartLifecycle;

/**
 * Ends the streams that are being read when the application stops. The web server waits
 * for every answer under way, and a stream may have no end.
 */
final class StreamsLifecycle implements SmartLifecycle {

	/** Time for those that are about to end by themselves. */
	private static final Duration LINGER = Duration.ofSeconds(10);

	private final StreamThreads streams;

	private volatile boolean running;

	StreamsLifecycle(StreamThreads streams) {
		this.streams = streams;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.streams.drain(LINGER, callback);
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
	 * In the phase of the web server that takes no more requests, beside which it waits:
	 * the answers that it waits for are these among others.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 1024;
	}

}
