package dev.rpcboot.client;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import org.jspecify.annotations.Nullable;

/**
 * The way to one service at one instance, and what is known of it: which of its methods
 * are so quick, by what the instance says, that calls of them may travel together, and
 * how many. Calls of others neither wait nor let others wait. Safe for concurrent use.
 */
final class CoalescingRoute {

	/** For how long what was refused for coming together travels alone. */
	private static final long ALONE = Duration.ofMinutes(1).toNanos();

	private static final int MAX_LANES = 1024;

	private static final int MAX_DIGITS = 4;

	private final CoalescingTransport whole;

	private final int maxConnections;

	private final Set<String> quick = ConcurrentHashMap.newKeySet();

	private final Map<RpcHeaders, CoalescingLane> lanes = new ConcurrentHashMap<>();

	private volatile int most;

	private volatile boolean refused;

	private volatile long refusedAt;

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

	int maxConnections() {
		return this.maxConnections;
	}

	/**
	 * How many calls may travel together.
	 */
	int most() {
		return isRefused() ? 1 : Math.max(1, this.most);
	}

	CompletableFuture<Answer> exchange(Message message, String method, CallContext context) {
		if (!this.quick.contains(method) || isRefused()) {
			return alone(message, method, context);
		}
		CoalescingLane lane = lane(message.headers().only(CoalescingRoute::isShared));
		return (lane != null) ? lane.exchange(new CoalescedCall(message, method, context))
				: alone(message, method, context);
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
		if (this.lanes.size() >= MAX_LANES) {
			this.lanes.values().removeIf(CoalescingLane::isIdle);
			if (this.lanes.size() >= MAX_LANES) {
				return null;
			}
		}
		return this.lanes.computeIfAbsent(shared, (missing) -> new CoalescingLane(this, missing));
	}

	/**
	 * Sends a call alone.
	 */
	CompletableFuture<Answer> alone(Message message, String method, CallContext context) {
		return transport().exchange(message, context).whenComplete((answer, failure) -> {
			if (answer != null && answer.status() == 200) {
				learn(answer, Set.of(method));
			}
		});
	}

	/**
	 * Sends calls together, on this thread.
	 */
	void carry(CoalescedExchange exchange) {
		Answer answer = exchange.run(transport(), timer());
		if (answer == null) {
			return;
		}
		if (exchange.isOfSeveral() && CoalescingRefusal.isLasting(answer)) {
			this.refusedAt = System.nanoTime();
			this.refused = true;
		}
		else if (answer.status() == 200) {
			learn(answer, exchange.methods());
		}
	}

	private void learn(Answer answer, Set<String> methods) {
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
		if (value == null || value.isEmpty() || value.length() > MAX_DIGITS) {
			return 0;
		}
		return value.chars().allMatch((c) -> c >= '0' && c <= '9') ? Integer.parseInt(value) : 0;
	}

	private boolean isRefused() {
		if (this.refused && System.nanoTime() - this.refusedAt > ALONE) {
			this.refused = false;
		}
		return this.refused;
	}

	boolean isIdle() {
		return this.lanes.values().stream().allMatch(CoalescingLane::isIdle);
	}

}
