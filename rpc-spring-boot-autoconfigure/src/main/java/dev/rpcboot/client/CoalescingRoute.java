package dev.rpcboot.client;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import org.jspecify.annotations.Nullable;

/**
 * The way to one service at one instance, and what is known of it: which of its methods
 * are so quick, by what the instance says, that calls of them may travel together, and
 * how many. Calls of others neither wait nor let others wait. Safe for concurrent use.
 */
final class CoalescingRoute {

	/** For how long what was refused for coming together travels alone, at first. */
	private static final long ALONE = Duration.ofMinutes(1).toNanos();

	/** It doubles each time, up to about an hour. */
	private static final int MAX_DOUBLINGS = 6;

	private static final int MAX_LANES = 1024;

	/** Lanes that are kept though nobody uses them. */
	private static final int KEPT_LANES = 64;

	private static final int MAX_DIGITS = 4;

	private final CoalescingTransport whole;

	private final int maxConnections;

	/** How many calls may travel together, by their method. */
	private final Map<String, Integer> quick = new ConcurrentHashMap<>();

	private final Map<RpcHeaders, CoalescingLane> lanes = new ConcurrentHashMap<>();

	private final AtomicInteger openedLanes = new AtomicInteger();

	private final ExchangeTime time = new ExchangeTime();

	private volatile long aloneUntil;

	private volatile int refusals;

	CoalescingRoute(CoalescingTransport whole, int maxConnections) {
		this.whole = whole;
		this.maxConnections = maxConnections;
	}

	RpcTransport transport() {
		return this.whole.transport();
	}

	CallTimer timer() {
		return this.whole.timer();
	}

	Executor carriers() {
		return this.whole.carriers();
	}

	Duration patience() {
		return this.whole.patience();
	}

	/**
	 * How many exchanges there may be at a time.
	 * @param few whether that are few, if it pays to wait for them
	 */
	int limit(int few) {
		return this.time.isShort() ? Math.min(few, this.maxConnections) : this.maxConnections;
	}

	/**
	 * What a call takes of an exchange, which is full at 1.
	 */
	double share(CoalescedCall call) {
		Integer most = isRefused() ? null : this.quick.get(call.method());
		return (most != null) ? 1.0 / most : 1;
	}

	CompletableFuture<Answer> exchange(CoalescedCall call) {
		if (!this.quick.containsKey(call.method()) || isRefused()) {
			return alone(call);
		}
		CoalescingLane lane = lane(call.message().headers().only(CoalescingRoute::isShared));
		return (lane != null) ? lane.exchange(call) : alone(call);
	}

	private static boolean isShared(String header) {
		return !RpcHeaders.isOfOneCall(header) && !header.equals(RpcHeaders.METHOD)
				&& !header.equals(RpcHeaders.COALESCED);
	}

	/**
	 * Where calls with the same headers wait, or {@code null} if there are too many
	 * others.
	 */
	private @Nullable CoalescingLane lane(RpcHeaders shared) {
		CoalescingLane lane = this.lanes.get(shared);
		if (lane != null) {
			return lane;
		}
		if (this.openedLanes.incrementAndGet() % KEPT_LANES == 0) {
			// their headers may be credentials, and those of many users
			this.lanes.values().removeIf(CoalescingLane::isIdle);
		}
		return (this.lanes.size() < MAX_LANES)
				? this.lanes.computeIfAbsent(shared, (missing) -> new CoalescingLane(this, missing)) : null;
	}

	/**
	 * Sends a call alone.
	 */
	CompletableFuture<Answer> alone(CoalescedCall call) {
		long begin = System.nanoTime();
		return transport().exchange(call.message(), call.context()).whenComplete((answer, failure) -> {
			if (answer == null) {
				// unless it was given up, as the slower of two attempts is, or not sent
				if (!call.context().isDone() && !(Failures.unwrap(failure) instanceof RpcUnavailableException)) {
					this.quick.remove(call.method());
				}
				return;
			}
			this.time.add(System.nanoTime() - begin);
			if (answer.status() == 200) {
				int most = most(answer);
				if (most < 2) {
					this.quick.remove(call.method());
				}
				else if (this.quick.getOrDefault(call.method(), 0) != most) {
					this.quick.put(call.method(), most);
				}
			}
		});
	}

	/**
	 * Sends calls together, on this thread.
	 */
	void carry(CoalescedExchange exchange) {
		if (exchange.isEmpty()) {
			return;
		}
		long begin = System.nanoTime();
		Answer answer = exchange.run(transport(), timer());
		if (exchange.isLost()) {
			this.quick.keySet().removeAll(exchange.methods());
		}
		if (answer == null) {
			return;
		}
		this.time.add(System.nanoTime() - begin);
		if (exchange.isOfSeveral() && CoalescingRefusal.isLasting(answer)) {
			refused();
		}
		else if (answer.status() == 200) {
			if (exchange.isOfSeveral() && !isRefused()) {
				this.refusals = 0;
			}
			learn(most(answer), exchange.methods());
		}
	}

	private synchronized void refused() {
		// others that were under way meanwhile say nothing new
		if (!isRefused()) {
			int doublings = Math.min(this.refusals, MAX_DOUBLINGS);
			this.aloneUntil = System.nanoTime() + (ALONE << doublings);
			this.refusals++;
		}
	}

	/**
	 * Learns from an answer to several, which speaks of the least quick of them.
	 */
	private void learn(int most, Set<String> methods) {
		if (most < 2) {
			this.quick.keySet().removeAll(methods);
			return;
		}
		int least = methods.stream()
			.mapToInt((method) -> this.quick.getOrDefault(method, Integer.MAX_VALUE))
			.min()
			.orElse(0);
		// no fewer than that of each; and if it was more, nobody knows of which
		methods.forEach((method) -> this.quick.computeIfPresent(method,
				(same, known) -> (most < least || methods.size() == 1) ? most : Math.max(known, most)));
	}

	/**
	 * Has all travel alone until they are answered: one of those under way is slow after
	 * all, and nobody knows which.
	 */
	void forget() {
		this.quick.clear();
	}

	private static int most(Answer answer) {
		String value = answer.headers().first(RpcHeaders.MAX_COALESCED);
		if (value == null || value.length() > MAX_DIGITS) {
			return 0;
		}
		int most = 0;
		for (int i = 0; i < value.length(); i++) {
			int digit = value.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				return 0;
			}
			most = 10 * most + digit;
		}
		return most;
	}

	private boolean isRefused() {
		return this.refusals > 0 && System.nanoTime() - this.aloneUntil < 0;
	}

	boolean isIdle() {
		return this.lanes.values().stream().allMatch(CoalescingLane::isIdle);
	}

}
