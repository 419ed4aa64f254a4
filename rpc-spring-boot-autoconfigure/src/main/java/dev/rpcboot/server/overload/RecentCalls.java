package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts the calls that run and began not long ago. Those that began at about the same
 * time have one counter, and one that is too old is put out of the ring: so nobody has to
 * look for calls that get old. Safe for concurrent use, without locks.
 */
final class RecentCalls {

	/** Who takes so long waits for something else. */
	static final long LONG = Duration.ofSeconds(2).toNanos();

	private static final int SLOTS = 8;

	private static final long SPAN = LONG / SLOTS;

	private final AtomicReferenceArray<Slot> ring = new AtomicReferenceArray<>(SLOTS);

	RecentCalls() {
		for (int i = 0; i < SLOTS; i++) {
			this.ring.set(i, new Slot(i));
		}
	}

	/**
	 * Counts a call.
	 * @return to be decremented when it has ended, however late that is
	 */
	AtomicInteger begin(long now) {
		long number = Math.floorDiv(now, SPAN);
		int index = Math.floorMod(number, SLOTS);
		Slot slot = this.ring.get(index);
		if (slot.number != number) {
			// whoever was first has made the same
			this.ring.compareAndSet(index, slot, new Slot(number));
			slot = this.ring.get(index);
		}
		slot.incrementAndGet();
		return slot;
	}

	int count(long now) {
		long oldest = Math.floorDiv(now, SPAN) - SLOTS;
		int count = 0;
		for (int i = 0; i < SLOTS; i++) {
			Slot slot = this.ring.get(i);
			if (slot.number - oldest > 0) {
				count += slot.get();
			}
		}
		return count;
	}

	private static final class Slot extends AtomicInteger {

		private static final long serialVersionUID = 1L;

		private final long number;

		Slot(long number) {
			this.number = number;
		}

	}

}
