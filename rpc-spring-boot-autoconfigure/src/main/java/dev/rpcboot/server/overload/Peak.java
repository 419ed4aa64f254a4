package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * How many calls at a time the server has lately run without making them wait: the mean
 * knows nothing of a burst. What was seen is believed a second later, unless calls have
 * become slow by then: the first of a queue are fast. Calls may be seen by any thread;
 * the rest belongs to the one that closes windows.
 */
final class Peak {

	private static final long PROOF = Duration.ofSeconds(1).toNanos();

	private static final long MEMORY = Duration.ofMinutes(1).toNanos();

	private final LongAccumulator seen = new LongAccumulator(Math::max, 0);

	private long unproven;

	private long elder;

	private long turned;

	private long recent;

	private long before;

	private long since;

	Peak(long now) {
		this.turned = now;
		this.since = now;
	}

	/**
	 * Says that a call ended soon which had begun as one of so many.
	 */
	void saw(int running) {
		this.seen.accumulate(running);
	}

	/**
	 * Closes a window.
	 * @return the peak of the last minute or two
	 */
	long close(boolean slow, long now) {
		age(now);
		long seen = this.seen.getThenReset();
		if (slow) {
			this.unproven = 0;
			this.elder = 0;
		}
		else {
			this.unproven = Math.max(this.unproven, seen);
		}
		return Math.max(this.recent, this.before);
	}

	private void age(long now) {
		if (now - this.since >= MEMORY) {
			this.before = (now - this.since < 2 * MEMORY) ? this.recent : 0;
			this.recent = 0;
			this.since = now;
		}
		if (now - this.turned >= PROOF) {
			long proven = (now - this.turned < 2 * PROOF) ? this.elder : Math.max(this.elder, this.unproven);
			this.recent = Math.max(this.recent, proven);
			this.elder = this.unproven;
			this.unproven = 0;
			this.turned = now;
		}
	}

}
