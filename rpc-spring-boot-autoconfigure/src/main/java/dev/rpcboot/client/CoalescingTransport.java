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

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;

/**
 * Sends calls together that would else cost a message each: under load, what a message
 * costs is shared by many calls. A lone call is never delayed. Safe for concurrent use.
 */
final class CoalescingTransport {

	/** A larger body gains nothing, and holds up others. */
	private static final int MAX_BODY = 8 * 1024;

	/** Below, answers that may come singly might not come together. */
	private static final long LEAST_ANSWER = 1024 * 1024;

	private static final int MAX_ROUTES = 4096;

	private static final int MAX_CARRIERS = 256;

	private static final Duration PATIENCE = Duration.ofMillis(5);

	private final RpcTransport transport;

	private final CallTimer timer;

	private final Duration patience;

	private final Executor carriers;

	private final Map<Way, CoalescingRoute> routes = new ConcurrentHashMap<>();

	CoalescingTransport(RpcTransport transport, CallTimer timer) {
		this(transport, timer, PATIENCE);
	}

	/**
	 * Creates one.
	 * @param timer ends what nobody waits for
	 * @param patience when no exchange has ended for so long, what is under way is slow
	 * after all, and others do not wait for it any longer
	 */
	CoalescingTransport(RpcTransport transport, CallTimer timer, Duration patience) {
		this.transport = transport;
		this.timer = timer;
		this.patience = patience;
		AtomicInteger number = new AtomicInteger();
		this.carriers = new ThreadPoolExecutor(0, MAX_CARRIERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(carry) -> {
					// with nothing of the caller's that happens to need it
					Thread thread = new Thread(null, carry, "rpc-client-carrier-" + number.incrementAndGet(), 0, false);
					thread.setDaemon(true);
					return thread;
				});
	}

	RpcTransport transport() {
		return this.transport;
	}

	CallTimer timer() {
		return this.timer;
	}

	Duration patience() {
		return this.patience;
	}

	/**
	 * Has a thread for each exchange of calls that have waited: none of the callers' own,
	 * whose deadline or interrupt would end the exchange of all.
	 */
	Executor carriers() {
		return this.carriers;
	}

	/**
	 * Sends a call whose answer is JSON in one piece, with others if that is of use; as
	 * {@link RpcTransport#exchange} does.
	 */
	CompletableFuture<Answer> exchange(Message message, ContractMethod method, CallContext context) {
		if (message.body().length > MAX_BODY || message.settings().maxAnswerSize().toBytes() < LEAST_ANSWER
				|| context.isDone()) {
			return this.transport.exchange(message, context);
		}
		return route(new Way(message.uri(), message.settings())).exchange(new CoalescedCall(message, method, context));
	}

	private CoalescingRoute route(Way way) {
		CoalescingRoute route = this.routes.get(way);
		if (route != null) {
			return route;
		}
		if (this.routes.size() >= MAX_ROUTES) {
			this.routes.values().removeIf(CoalescingRoute::isIdle);
		}
		return this.routes.computeIfAbsent(way,
				(missing) -> new CoalescingRoute(this, missing.settings().maxConnections()));
	}

	/**
	 * What calls must have in common to travel together, beside their headers.
	 *
	 * @param uri of a service at an instance
	 */
	private record Way(URI uri, Settings settings) {
	}

}
