package dev.rpcboot.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;

/**
 * Calls of quick methods of one service at one instance that have the headers in common
 * by which they could travel together. A few exchanges at a time are enough for them: who
 * finds fewer under way leaves at once, alone and on its own thread; the others wait, and
 * whoever waits when an exchange ends travels together by the next. That is so only where
 * the network is quick as well: else each leaves at once. Safe for concurrent use.
 */
final class CoalescingLane {

	/**
	 * Enough for one to be answered while another is written or read, and for half of the
	 * processors.
	 */
	private static final int EXCHANGES = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

	private static final int MAX_SIZE = 64 * 1024;

	/** With what adding up fractions may bring. */
	private static final double FULL = 1 + 1e-9;

	private final CoalescingRoute route;

	private final RpcHeaders shared;

	private final ExchangeTime time = new ExchangeTime();

	private final Deque<CoalescedCall> waiting = new ArrayDeque<>();

	private int underWay;

	/** Exchanges that are slow after all, so that others do not wait for them. */
	private int stuck;

	private long ended;

	private boolean watched;

	CoalescingLane(CoalescingRoute route, RpcHeaders shared) {
		this.route = route;
		this.shared = shared;
	}

	/**
	 * Sends a call.
	 */
	CompletableFuture<Answer> exchange(CoalescedCall call) {
		if (!leavesAtOnce(call)) {
			return call.result(this.route.transport());
		}
		long begin = System.nanoTime();
		try {
			return this.route.alone(call).whenComplete((answer, failure) -> end(begin));
		}
		catch (Throwable ex) {
			end(begin);
			throw ex;
		}
	}

	private synchronized boolean leavesAtOnce(CoalescedCall call) {
		if (this.underWay == 0 || call.isCumbersome() || (this.waiting.isEmpty() && this.underWay < limit())) {
			this.underWay++;
			return true;
		}
		try {
			watch();
		}
		catch (RejectedExecutionException ex) {
			// the application shuts down, which the transport knows how to say
			this.underWay++;
			return true;
		}
		call.joinQueue();
		this.waiting.addLast(call);
		return false;
	}

	private int limit() {
		int most = this.route.maxConnections();
		return this.time.isShort() ? Math.min(EXCHANGES + this.stuck, most) : most;
	}

	/**
	 * Says that an exchange has ended, and begins another if somebody waits.
	 */
	private void end(long begin) {
		if (goesOn(begin)) {
			carryLater();
		}
	}

	private synchronized boolean goesOn(long begin) {
		long elapsed = System.nanoTime() - begin;
		this.time.add(elapsed);
		this.ended++;
		boolean wasStuck = elapsed >= this.route.patience().toNanos();
		this.stuck = wasStuck ? Math.max(0, this.stuck - 1) : Math.min(this.stuck, this.underWay - 1);
		if (this.waiting.isEmpty() || this.underWay > limit()) {
			this.underWay--;
			return false;
		}
		return true;
	}

	private void carryLater() {
		try {
			this.route.carriers().execute(this::carry);
		}
		// an error too, where no thread can be made: who waits is looked after later
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			synchronized (this) {
				this.underWay--;
			}
		}
	}

	private void carry() {
		boolean goesOn = true;
		while (goesOn) {
			long begin = System.nanoTime();
			List<CoalescedCall> calls = new ArrayList<>();
			try {
				take(calls).forEach(CoalescedCall::sendAlone);
				if (!calls.isEmpty()) {
					this.route.carry(new CoalescedExchange(calls, this.shared));
				}
			}
			// such as that of a heap that is full: somebody waits for each of them
			catch (Throwable ex) {
				calls.forEach((call) -> call.fail(ex));
			}
			goesOn = goesOn(begin);
		}
	}

	/**
	 * Takes the first that wait, without those that have ended.
	 * @return those that do not travel with others any more
	 */
	private synchronized List<CoalescedCall> take(List<CoalescedCall> calls) {
		List<CoalescedCall> alone = new ArrayList<>();
		int size = 0;
		double full = 0;
		while (!this.waiting.isEmpty()) {
			CoalescedCall call = this.waiting.getFirst();
			double share = this.route.share(call);
			if (share == 1) {
				alone.add(call);
			}
			else if (!call.isDone()) {
				size += call.size();
				full += share;
				if (!calls.isEmpty() && (size > MAX_SIZE || full > FULL)) {
					break;
				}
				calls.add(call);
			}
			this.waiting.removeFirst();
		}
		return alone;
	}

	/**
	 * Looks after those who wait, until nobody does.
	 * @throws RejectedExecutionException if the application shuts down
	 */
	private void watch() {
		if (!this.watched) {
			long before = this.ended;
			this.route.timer().schedule(() -> look(before), this.route.patience());
			this.watched = true;
		}
	}

	private void look(long before) {
		relieved(before).forEach(CoalescedCall::sendAlone);
	}

	/**
	 * Those who do not wait any longer, because nothing has ended meanwhile, or nobody
	 * would look after them.
	 */
	private synchronized List<CoalescedCall> relieved(long before) {
		this.watched = false;
		this.waiting.removeIf(CoalescedCall::isDone);
		if (this.waiting.isEmpty()) {
			return List.of();
		}
		if (this.ended != before) {
			try {
				watch();
				return List.of();
			}
			catch (RejectedExecutionException ex) {
				// the application shuts down
			}
		}
		this.stuck = this.underWay;
		this.route.forget();
		List<CoalescedCall> relieved = List.copyOf(this.waiting);
		this.waiting.clear();
		return relieved;
	}

	synchronized boolean isIdle() {
		return this.underWay == 0 && this.waiting.isEmpty();
	}

	/**
	 * Whether it pays to wait for an exchange. However much there is to do, some of them
	 * are short; where none is, it is the network that takes time.
	 */
	private static final class ExchangeTime {

		private static final long SHORT = Duration.ofMillis(1).toNanos();

		private static final int WINDOW = 64;

		private long shortest = Long.MAX_VALUE;

		private long shortestBefore;

		private int exchanges;

		void add(long nanos) {
			this.shortest = Math.min(this.shortest, nanos);
			this.exchanges++;
			if (this.exchanges == WINDOW) {
				this.shortestBefore = this.shortest;
				this.shortest = Long.MAX_VALUE;
				this.exchanges = 0;
			}
		}

		boolean isShort() {
			return Math.min(this.shortest, this.shortestBefore) < SHORT;
		}

	}

}
