package dev.rpcboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends calls together that would else wait for each other, or for a connection: under
 * load, what a message costs is shared by many calls. A lone call is never delayed. Safe
 * for concurrent use.
 */
final class CoalescingTransport {

	/** A larger body gains nothing, and holds up others. */
	private static final int MAX_BODY = 8 * 1024;

	private static final int MAX_LANES = 4096;

	private static final Duration PATIENCE = Duration.ofMillis(5);

	private final RpcTransport transport;

	private final CallTimer timer;

	private final Executor carriers;

	private final Duration patience;

	private final Map<Way, CoalescingLane> lanes = new ConcurrentHashMap<>();

	CoalescingTransport(RpcTransport transport, CallTimer timer) {
		this(transport, timer, PATIENCE);
	}

	CoalescingTransport(RpcTransport transport, CallTimer timer, Duration patience) {
		this.transport = transport;
		this.timer = timer;
		this.patience = patience;
		AtomicInteger number = new AtomicInteger();
		this.carriers = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(carry) -> {
					Thread thread = new Thread(carry, "rpc-client-carrier-" + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
	}

	/**
	 * Sends a call whose answer is JSON in one piece, with others if that is of use; as
	 * {@link RpcTransport#exchange} does.
	 * @param method its name
	 */
	CompletableFuture<RpcTransport.Answer> exchange(RpcTransport.Message message, String method, CallContext context) {
		if (message.body().length > MAX_BODY || context.isDone()) {
			return this.transport.exchange(message, context);
		}
		return lane(new Way(message.uri(), message.settings())).exchange(message, method, context);
	}

	private CoalescingLane lane(Way way) {
		CoalescingLane lane = this.lanes.get(way);
		if (lane != null) {
			return lane;
		}
		if (this.lanes.size() >= MAX_LANES) {
			this.lanes.values().removeIf(CoalescingLane::isIdle);
		}
		return this.lanes.computeIfAbsent(way,
				(missing) -> new CoalescingLane(this.transport, this.timer, this.carriers, this.patience));
	}

	/**
	 * What calls must have in common to travel together, beside their headers.
	 *
	 * @param uri of a service at an instance
	 */
	private record Way(URI uri, RpcTransport.Settings settings) {
	}

}
