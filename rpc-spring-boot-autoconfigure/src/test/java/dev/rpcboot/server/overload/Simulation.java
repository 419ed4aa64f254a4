package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

import dev.rpcboot.call.Criticality;

/**
 * A server under calls that come at random, each of a method with so many places to work
 * in, before which calls wait in order; in simulated time.
 */
final class Simulation {

	static final int THREADS = 180;

	static final int MAX = 5_000;

	private Random random = new Random(42);

	private final boolean givesUp;

	private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::at));

	private long now;

	final ConcurrencyLimiter limiter;

	private Simulation(int threads, boolean givesUp) {
		this.givesUp = givesUp;
		this.limiter = new ConcurrencyLimiter(4, MAX, threads, () -> this.now);
	}

	/**
	 * A server whose calls each hold a thread until they have ended.
	 */
	static Simulation onThreads() {
		return new Simulation(THREADS, false);
	}

	/**
	 * A server whose calls need no thread to wait, and are answered at their deadlines
	 * though they run on.
	 */
	static Simulation withoutThreads() {
		return new Simulation(Integer.MAX_VALUE, true);
	}

	void seed(long seed) {
		this.random = new Random(seed);
	}

	Random random() {
		return this.random;
	}

	/**
	 * Lets time pass. What runs at its end runs on.
	 */
	void run(Duration time) {
		long end = this.now + time.toNanos();
		while (!this.events.isEmpty() && this.events.peek().at() < end) {
			Event event = this.events.remove();
			this.now = event.at();
			event.action().run();
		}
		this.now = end;
	}

	/**
	 * Lets time pass in which nothing happens; what should have happens at its end.
	 */
	void pause(Duration time) {
		long end = this.now + time.toNanos();
		List<Event> delayed = new ArrayList<>();
		while (!this.events.isEmpty() && this.events.peek().at() < end) {
			delayed.add(this.events.remove());
		}
		for (Event event : delayed) {
			// in their order
			this.events.add(new Event(end++, event.action()));
		}
	}

	private void after(Duration time, Runnable action) {
		this.events.add(new Event(this.now + time.toNanos(), action));
	}

	/**
	 * A method.
	 */
	final class Method {

		private final Duration deadline;

		private final Deque<Runnable> waiting = new ArrayDeque<>();

		private int working;

		int workers;

		Supplier<Duration> time;

		/**
		 * Creates one.
		 * @param workers how many of its calls are worked at, at a time
		 * @param deadline when a caller stops waiting; the work is done nevertheless
		 * @param time how long work takes
		 */
		Method(int workers, Duration deadline, Supplier<Duration> time) {
			this.workers = workers;
			this.deadline = deadline;
			this.time = time;
		}

		/**
		 * Lets calls come for some time, beginning now, as time passes.
		 * @param rate how many a second
		 */
		Counts calls(Criticality criticality, Duration time, double rate) {
			Counts counts = new Counts();
			arrive(criticality, Simulation.this.now + time.toNanos(), rate, counts);
			return counts;
		}

		/**
		 * Lets critical calls come, and time pass.
		 */
		Counts run(Duration time, double rate) {
			Counts counts = calls(Criticality.CRITICAL, time, rate);
			Simulation.this.run(time);
			return counts;
		}

		private void arrive(Criticality criticality, long end, double rate, Counts counts) {
			long next = Simulation.this.now;
			while ((next += gap(rate)) < end) {
				Simulation.this.events.add(new Event(next, () -> call(criticality, counts)));
			}
		}

		/**
		 * Lets bursts of calls come for some time, beginning now, as time passes.
		 * @param every the time from one burst to the next
		 */
		Counts bursts(Criticality criticality, Duration time, Duration every, int size) {
			Counts counts = new Counts();
			long end = Simulation.this.now + time.toNanos();
			for (long next = Simulation.this.now; next < end; next += every.toNanos()) {
				for (int i = 0; i < size; i++) {
					Simulation.this.events.add(new Event(next + i, () -> call(criticality, counts)));
				}
			}
			return counts;
		}

		private long gap(double rate) {
			return (long) (-Math.log(1 - Simulation.this.random.nextDouble()) / rate * 1e9);
		}

		private void call(Criticality criticality, Counts counts) {
			counts.all++;
			ConcurrencyLimiter.Place place = Simulation.this.limiter.enter(criticality);
			if (place == null) {
				Simulation.this.limiter.refused();
				counts.refused++;
				return;
			}
			place.runs(this);
			Call call = new Call(place, counts);
			if (Simulation.this.givesUp) {
				after(this.deadline, () -> call.answer(Ending.GIVEN_UP));
			}
			long came = Simulation.this.now;
			begin(() -> after(this.time.get(), () -> {
				place.leaveThread();
				place.leave();
				boolean late = Simulation.this.now - came > this.deadline.toNanos();
				call.answer(late ? Ending.FAILED : Ending.DONE);
				end();
			}));
		}

		private void begin(Runnable work) {
			if (this.working < this.workers) {
				this.working++;
				work.run();
			}
			else {
				this.waiting.add(work);
			}
		}

		private void end() {
			this.working--;
			if (this.working < this.workers && !this.waiting.isEmpty()) {
				begin(this.waiting.remove());
			}
		}

	}

	/**
	 * A call that was let in.
	 */
	private static final class Call {

		private final ConcurrencyLimiter.Place place;

		private final Counts counts;

		private boolean answered;

		Call(ConcurrencyLimiter.Place place, Counts counts) {
			this.place = place;
			this.counts = counts;
		}

		void answer(Ending ending) {
			if (this.answered) {
				return;
			}
			this.answered = true;
			this.place.ended(ending);
			if (ending == Ending.DONE) {
				this.counts.inTime++;
			}
			else {
				this.counts.late++;
			}
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
