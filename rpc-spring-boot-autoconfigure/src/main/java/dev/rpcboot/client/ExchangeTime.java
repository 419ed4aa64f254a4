package dev.rpcboot.client;

import java.time.Duration;

/**
 * Whether it pays to wait for an exchange. However much there is to do, some of them are
 * short; where none is, it is the network that takes time. Safe for concurrent use.
 */
final class ExchangeTime {

	private static final long SHORT = Duration.ofMillis(1).toNanos();

	private static final int WINDOW = 64;

	private long shortest = Long.MAX_VALUE;

	/** At first nothing is known, and then waiting is tried. */
	private long shortestBefore;

	private int exchanges;

	/**
	 * Adds one that was answered.
	 */
	synchronized void add(long nanos) {
		this.shortest = Math.min(this.shortest, nanos);
		this.exchanges++;
		if (this.exchanges == WINDOW) {
			this.shortestBefore = this.shortest;
			this.shortest = Long.MAX_VALUE;
			this.exchanges = 0;
		}
	}

	synchronized boolean isShort() {
		return Math.min(this.shortest, this.shortestBefore) < SHORT;
	}

}
