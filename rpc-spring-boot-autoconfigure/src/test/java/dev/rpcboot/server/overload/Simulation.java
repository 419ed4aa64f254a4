package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.NanoClock;

/**
 * A server with so many places to work in, before which calls wait in order, under calls
 * that come at random; in simulated time.
 */
final class Simulation {

	private final Random random = new Random(42);

	private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));

	private final Deque<Runnable> waiting = new ArrayDeque<>();

	private final int workers;

	private long now;

	private int working;

	Supplier<Duration> workTime;

	final ConcurrencyLimiter limiter;

	Simulation(int workers, Supplier<Duration> workTime, int min, int max) {
		this.workers = workers;
		this.workTime = workTime;
		NanoClock clock = () -> this.now;
		this.limiter = new ConcurrencyLimiter(min, max, clock);
	}

	Random random() {
		return this.random;
	}

	/**
	 * Lets calls come for some time, and finishes none of them afterwards.
	 * @param rate how many a second
	 * @param deadline when a caller stops waiting; the work is done nevertheless
	 * @param sheddable how many of them are, of one
	 */
	Map<Criticality, Counts> run(Duration time, double rate, Duration deadline, double sheddable) {
		Map<Criticality, Counts> counts = new EnumMap<>(Criticality.class);
		long end = this.now + time.toNanos();
		arrive(end, rate, deadline, sheddable, counts);
		while (!this.events.isEmpty() && this.events.peek().at() < end) {
			Event event = this.events.remove();
			this.now = event.at();
			event.action().run();
		}
		this.now = end;
		return counts;
	}

	Counts run(Duration time, double rate, Duration deadline) {
		return run(time, rate, deadline, 0).getOrDefault(Criticality.CRITICAL, new Counts());
	}

	private void arrive(long end, double rate, Duration deadline, double sheddable, Map<Criticality, Counts> counts) {
		long next = this.now + (long) (-Math.log(1 - this.random.nextDouble()) / rate * 1e9);
		if (next >= end) {
			return;
		}
		this.events.add(new Event(next, () -> {
			Criticality criticality = (this.random.nextDouble() < sheddable) ? Criticality.SHEDDABLE
					: Criticality.CRITICAL;
			call(criticality, deadline, counts.computeIfAbsent(criticality, (key) -> new Counts()));
			arrive(end, rate, deadline, sheddable, counts);
		}));
	}

	private void call(Criticality criticality, Duration deadline, Counts counts) {
		counts.all++;
		ConcurrencyLimiter.Place place = this.limiter.enter(criticality);
		if (place == null) {
			counts.refused++;
			return;
		}
		long came = this.now;
		Runnable work = () -> this.events.add(new Event(this.now + this.workTime.get().toNanos(), () -> {
			boolean late = this.now - came > deadline.toNanos();
			place.leave();
			place.ended("method", late);
			if (late) {
				counts.late++;
			}
			else {
				counts.inTime++;
			}
			this.working--;
			if (!this.waiting.isEmpty()) {
				this.working++;
				this.waiting.remove().run();
			}
		}));
		if (this.working < this.workers) {
			this.working++;
			work.run();
		}
		else {
			this.waiting.add(work);
		}
	}

	static final class Counts {

		int all;

		int inTime;

		int late;

		int refused;

		@Override
		public String toString() {
			return this.all + " calls: " + this.inTime + " in time, " + this.late + " late, " + this.refused
					+ " refused";
		}

	}

	private record Event(long at, Runnable action) {
	}

}
