package dev.rpcboot.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The way to one service at one instance. A few exchanges at a time are enough for calls
 * that take next to no time: who finds fewer under way leaves at once, alone and on its
 * own thread; the others wait, and whoever waits when an exchange ends travels together
 * by the next. Methods of which the instance does not say that they are so quick are not
 * held up by this, nor do they hold up others. Safe for concurrent use.
 */
final class CoalescingLane {

	/** Enough for one to be answered while another is written or read. */
	private static final int EXCHANGES = 2;

	private static final int MAX_SIZE = 64 * 1024;

	private final RpcTransport transport;

	private final CallTimer timer;

	private final Executor carriers;

	private final Duration patience;

	private final Set<String> quick = ConcurrentHashMap.newKeySet();

	private final Deque<CoalescedCall> waiting = new ArrayDeque<>();

	private volatile int most;

	/**
	 * Whether something on the way, or the instance, takes no calls that come together.
	 */
	private volatile boolean refused;

	private int underWay;

	/** How many exchanges have ended. */
	private long ended;

	private boolean watched;

	/**
	 * Creates one.
	 * @param timer ends what nobody waits for
	 * @param carriers has a thread for each exchange of calls that have waited
	 * @param patience when no exchange has ended for so long, what is under way is slow
	 * after all, and others do not wait for it any longer
	 */
	CoalescingLane(RpcTransport transport, CallTimer timer, Executor carriers, Duration patience) {
		this.transport = transport;
		this.timer = timer;
		this.carriers = carriers;
		this.patience = patience;
	}

	/**
	 * Sends a call.
	 */
	CompletableFuture<RpcTransport.Answer> exchange(RpcTransport.Message message, String method, CallContext context) {
		if (this.refused || !this.quick.contains(method)) {
			return learning(this.transport.exchange(message, context), method);
		}
		if (tryBegin()) {
			return alone(message, method, context);
		}
		CoalescedCall call = new CoalescedCall(message, method, context);
		if (!enter(call)) {
			return alone(message, method, context);
		}
		call.endBy(() -> leave(call));
		return call.result(this.transport);
	}

	private CompletableFuture<RpcTransport.Answer> alone(RpcTransport.Message message, String method,
			CallContext context) {
		try {
			return learning(this.transport.exchange(message, context).whenComplete((answer, failure) -> end()), method);
		}
		catch (Throwable ex) {
			end();
			throw ex;
		}
	}

	private CompletableFuture<RpcTransport.Answer> learning(CompletableFuture<RpcTransport.Answer> exchange,
			String method) {
		return exchange.whenComplete((answer, failure) -> {
			if (answer != null && answer.status() == 200) {
				learn(answer, Set.of(method));
			}
		});
	}

	private void learn(RpcTransport.Answer answer, Set<String> methods) {
		int most = most(answer.headers().first(RpcHeaders.MAX_COALESCED));
		if (most < 2) {
			this.quick.removeAll(methods);
		}
		else {
			this.most = most;
			this.quick.addAll(methods);
		}
	}

	private static int most(@Nullable String value) {
		if (value == null || value.isEmpty() || value.length() > 4) {
			return 0;
		}
		return value.chars().allMatch((c) -> c >= '0' && c <= '9') ? Integer.parseInt(value) : 0;
	}

	private synchronized boolean tryBegin() {
		if (this.underWay < EXCHANGES && this.waiting.isEmpty()) {
			this.underWay++;
			return true;
		}
		return false;
	}

	/**
	 * Waits, unless nobody is under way any more who would come for it.
	 */
	private synchronized boolean enter(CoalescedCall call) {
		if (this.underWay == 0) {
			this.underWay++;
			return false;
		}
		this.waiting.addLast(call);
		watch();
		return true;
	}

	private synchronized void leave(CoalescedCall call) {
		this.waiting.remove(call);
	}

	/**
	 * Says that an exchange has ended, and begins another if somebody waits.
	 */
	private void end() {
		synchronized (this) {
			this.ended++;
			if (this.waiting.isEmpty() || this.underWay > EXCHANGES) {
				this.underWay--;
				return;
			}
		}
		carryLater();
	}

	private void carryLater() {
		try {
			this.carriers.execute(this::carry);
		}
		catch (RejectedExecutionException ex) {
			carry();
		}
	}

	private void carry() {
		List<CoalescedCall> calls = first();
		while (!calls.isEmpty()) {
			CoalescedExchange exchange = new CoalescedExchange(calls);
			RpcTransport.Answer answer = exchange.run(this.transport, this.timer);
			if (answer != null) {
				learn(answer, exchange);
			}
			calls = next();
		}
	}

	private void learn(RpcTransport.Answer answer, CoalescedExchange exchange) {
		if (exchange.isRefused(answer)) {
			this.refused = true;
		}
		if (answer.status() == 200) {
			learn(answer, exchange.methods());
		}
	}

	private synchronized List<CoalescedCall> first() {
		List<CoalescedCall> calls = take();
		if (calls.isEmpty()) {
			this.underWay--;
		}
		return calls;
	}

	private synchronized List<CoalescedCall> next() {
		this.ended++;
		if (this.underWay <= EXCHANGES) {
			return first();
		}
		this.underWay--;
		return List.of();
	}

	/**
	 * Takes the first that waits, and those that can travel with it.
	 */
	private List<CoalescedCall> take() {
		List<CoalescedCall> calls = new ArrayList<>();
		int size = 0;
		int most = Math.max(1, this.most);
		Iterator<CoalescedCall> all = this.waiting.iterator();
		while (all.hasNext() && calls.size() < most) {
			CoalescedCall call = all.next();
			if (calls.isEmpty() || (call.shared().equals(calls.get(0).shared()) && size + call.size() <= MAX_SIZE)) {
				all.remove();
				calls.add(call);
				size += call.size();
			}
		}
		return calls;
	}

	private void watch() {
		if (!this.watched) {
			this.watched = true;
			long before = this.ended;
			this.timer.schedule(() -> look(before), this.patience);
		}
	}

	/**
	 * Lets those who wait go on if no exchange has ended meanwhile.
	 */
	private void look(long before) {
		boolean stuck;
		synchronized (this) {
			this.watched = false;
			if (this.waiting.isEmpty()) {
				return;
			}
			stuck = this.ended == before
					&& this.underWay < this.waiting.getFirst().message().settings().maxConnections();
			if (stuck) {
				this.underWay++;
			}
			watch();
		}
		if (stuck) {
			carryLater();
		}
	}

	synchronized boolean isIdle() {
		return this.underWay == 0 && this.waiting.isEmpty();
	}

}
