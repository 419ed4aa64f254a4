package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The sum of what was added lately. It is kept in slots of equal time, of which the
 * oldest is dropped as a whole: what was added counts for the window at least, and for
 * one slot longer at most. Lock-free.
 */
final class SlidingSum {

	private final NanoClock clock;

	private final long origin;

	private final long slotTime;

	private final AtomicReferenceArray<@Nullable Slot> slots;

	SlidingSum(Duration window, int slots, NanoClock clock) {
		this.clock = clock;
		this.origin = clock.now();
		this.slotTime = window.toNanos() / slots;
		this.slots = new AtomicReferenceArray<>(slots + 1);
	}

	void add(long amount) {
		slot(now()).sum.addAndGet(amount);
	}

	long sum() {
		long now = now();
		long sum = 0;
		for (int i = 0; i < this.slots.length(); i++) {
			Slot slot = this.slots.get(i);
			if (slot != null && now - slot.number < this.slots.length()) {
				sum += slot.sum.get();
			}
		}
		return sum;
	}

	private long now() {
		return (this.clock.now() - this.origin) / this.slotTime;
	}

	private Slot slot(long number) {
		int index = (int) (number % this.slots.length());
		while (true) {
			Slot slot = this.slots.get(index);
			// a thread that was late may find a newer one
			if (slot != null && slot.number >= number) {
				return slot;
			}
			Slot next = new Slot(number);
			if (this.slots.compareAndSet(index, slot, next)) {
				return next;
			}
		}
	}

	private static final class Slot {

		private final long number;

		private final AtomicLong sum = new AtomicLong();

		private Slot(long number) {
			this.number = number;
		}

	}

}
