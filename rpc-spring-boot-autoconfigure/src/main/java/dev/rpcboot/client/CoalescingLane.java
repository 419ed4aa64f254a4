package dev.rpcboot.client;

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

	/** A timer that is so many times as late as it should be was kept from running. */
	private static final int LATE = 6;

	/** With what adding up fractions may bring. */
	private static final double FULL = 1 + 1e-9;

	private final CoalescingRoute route;

	private final RpcHeaders shared;

	private final Deque<CoalescedCall> waiting = new ArrayDeque<>();

	private int underWay;

	/** Exchanges that are slow after all, so that others do not wait for them. */
	private int stuck;

	/** Exchanges that began before were stuck then. */
	private long stuckAt;

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
		this.waiting.addLast(call);
		try {
			watch();
		}
		catch (RejectedExecutionException ex) {
			// the application shuts down, which the transport knows how to say
			this.waiting.removeLast();
			this.underWay++;
			return true;
		}
		call.joinQueue();
		return false;
	}

	private int limit() {
		return this.route.limit(EXCHANGES + this.stuck);
	}

	/**
	 * Says that an exchange has ended, and begins another if somebody waits.
	 */
	private void end(long begin) {
		if (goesOn(begin)) {
			try {
				this.route.carriers().execute(this::carry);
			}
			// an error too, where no thread can be made
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				givenUp().forEach(CoalescedCall::sendAlone);
			}
		}
	}

	private synchronized boolean goesOn(long begin) {
		if (this.stuck > 0 && begin - this.stuckAt < 0) {
			this.stuck--;
		}
		if (this.waiting.isEmpty() || this.underWay > limit()) {
			this.underWay--;
			return false;
		}
		return true;
	}

	private void carry() {
		boolean goesOn = true;
		while (goesOn) {
			long begin = System.nanoTime();
			List<CoalescedCall> calls = new ArrayList<>();
			List<CoalescedCall> alone = new ArrayList<>();
			try {
				take(calls, alone);
				alone.forEach(CoalescedCall::sendAlone);
				if (!calls.isEmpty()) {
					this.route.carry(new CoalescedExchange(calls, this.shared));
				}
			}
			// such as that of a heap that is full: somebody waits for each of them
			catch (Throwable ex) {
				calls.forEach((call) -> call.fail(ex));
				alone.forEach((call) -> call.fail(ex));
			}
			finally {
				goesOn = goesOn(begin);
			}
		}
	}

	/**
	 * Takes the first that wait, without those that have ended.
	 * @param calls for those that travel together
	 * @param alone for those that do not any more
	 */
	private synchronized void take(List<CoalescedCall> calls, List<CoalescedCall> alone) {
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
	}

	/**
	 * Those who wait, for whom there is no thread.
	 */
	private synchronized List<CoalescedCall> givenUp() {
		this.underWay--;
		return emptied();
	}

	private List<CoalescedCall> emptied() {
		List<CoalescedCall> all = List.copyOf(this.waiting);
		this.waiting.clear();
		return all;
	}

	/**
	 * Looks after those who wait, until nobody does.
	 * @throws RejectedExecutionException if the application shuts down
	 */
	private void watch() {
		if (!this.watched) {
			CoalescedCall first = this.waiting.getFirst();
			long since = System.nanoTime();
			this.route.timer().schedule(() -> look(first, since), this.route.patience());
			this.watched = true;
		}
	}

	private void look(CoalescedCall first, long since) {
		relieved(first, System.nanoTime() - since).forEach(CoalescedCall::sendAlone);
	}

	/**
	 * Those who do not wait any longer, because nobody has been carried meanwhile, or
	 * nobody would look after them.
	 */
	private synchronized List<CoalescedCall> relieved(CoalescedCall first, long elapsed) {
		this.watched = false;
		this.waiting.removeIf(CoalescedCall::isDone);
		if (this.waiting.isEmpty()) {
			return List.of();
		}
		// who is so late had no processor, and nobody else had one
		boolean late = elapsed > LATE * this.route.patience().toNanos();
		if (late || this.waiting.getFirst() != first) {
			try {
				watch();
				return List.of();
			}
			catch (RejectedExecutionException ex) {
				// the application shuts down
			}
		}
		this.stuck = this.underWay;
		this.stuckAt = System.nanoTime();
		this.route.forget();
		return emptied();
	}

	synchronized boolean isIdle() {
		return this.underWay == 0 && this.waiting.isEmpty();
	}

}
