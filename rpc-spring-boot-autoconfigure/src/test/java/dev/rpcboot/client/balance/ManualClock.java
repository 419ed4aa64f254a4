package dev.rpcboot.client.balance;

import java.time.Duration;

import dev.rpcboot.call.NanoClock;

/**
 * Time that passes when a test says so.
 */
final class ManualClock implements NanoClock {

	private volatile long now = Duration.ofDays(1).toNanos();

	@Override
	public long now() {
		return this.now;
	}

	void advance(Duration time) {
		this.now += time.toNanos();
	}

}
