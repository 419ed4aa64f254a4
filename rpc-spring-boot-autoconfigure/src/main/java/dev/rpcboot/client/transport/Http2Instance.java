package dev.rpcboot.client.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

import dev.rpcboot.client.transport.Attempt.Step;
import io.netty.channel.EventLoop;
import org.apache.hc.core5.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * Calls to one instance over HTTP/2: those that are sent, those that wait for their turn,
 * and the connection for both. While one goes away there may be another. All of its state
 * is touched on its event loop alone; what others may call hands over to that.
 */
final class Http2Instance {

	private final int maxCalls;

	private final EventLoop eventLoop;

	private final Openings openings;

	private final Predicate<Http2Connection> drained;

	private final Set<Http2Call> waiting = new LinkedHashSet<>();

	private final Set<Http2Call> sent = new HashSet<>();

	private final Set<Http2Connection> connections = new HashSet<>();

	private @Nullable Http2Connection current;

	private @Nullable Http2Opening opening;

	private Step step = Step.CONNECT;

	private long usedAt = System.nanoTime();

	private boolean advancing;

	private boolean closed;

	private volatile PoolStats stats = new PoolStats(0, 0, 0, 0);

	/**
	 * Creates one without a connection.
	 * @param maxCalls most calls at a time
	 * @param eventLoop of all its connections
	 * @param openings makes connections
	 * @param drained whether the instance said that it goes away since a connection was
	 * made
	 */
	Http2Instance(int maxCalls, EventLoop eventLoop, Openings openings, Predicate<Http2Connection> drained) {
		this.maxCalls = maxCalls;
		this.eventLoop = eventLoop;
		this.openings = openings;
		this.drained = drained;
	}

	/**
	 * Sends a call as soon as it is its turn. From any thread.
	 * @throws RejectedExecutionException if the transport is closed
	 * @throws java.util.concurrent.CancellationException if the call has ended
	 */
	void send(AsyncAnswer answer) {
		answer.attempt().enter(Step.LEASE, answer::cancel);
		Http2Call call = new Http2Call(answer, this::ended);
		answer.hold(call);
		this.eventLoop.execute(() -> accept(call));
	}

	private void accept(Http2Call call) {
		if (this.closed) {
			call.failed(new IllegalStateException("The transport is closed"));
		}
		else if (!call.isOver()) {
			this.waiting.add(call);
			if (this.opening != null) {
				call.waitFor(this.step);
			}
			advance();
		}
	}

	/**
	 * Takes note that a call is over. From any thread.
	 */
	private void ended(Http2Call call, boolean complete) {
		if (this.eventLoop.inEventLoop()) {
			end(call, complete);
			return;
		}
		try {
			this.eventLoop.execute(() -> end(call, complete));
		}
		catch (RejectedExecutionException ex) {
			// the transport is closed, and every connection with it
		}
	}

	private void end(Http2Call call, boolean complete) {
		if (this.waiting.remove(call)) {
			if (this.waiting.isEmpty() && this.opening != null) {
				Http2Opening unwanted = this.opening;
				this.opening = null;
				unwanted.close();
			}
		}
		else if (this.sent.remove(call)) {
			this.usedAt = System.nanoTime();
			call.leave(complete);
		}
		advance();
	}

	/**
	 * Does what can be done for the calls that wait.
	 */
	void advance() {
		// whoever fails meanwhile comes here again; this loop looks after those that wait
		if (this.advancing) {
			return;
		}
		this.advancing = true;
		try {
			sendWhileThereIsRoom();
		}
		finally {
			this.advancing = false;
		}
		this.stats = new PoolStats(this.sent.size(), this.waiting.size(),
				this.sent.isEmpty() ? this.connections.size() : 0, this.maxCalls);
	}

	private void sendWhileThereIsRoom() {
		while (!this.waiting.isEmpty() && this.sent.size() < this.maxCalls && this.opening == null) {
			Http2Connection connection = usable();
			if (connection == null) {
				this.opening = this.openings.to(this, this.eventLoop);
				// may fail at once
				this.opening.start();
			}
			else if (connection.hasRoom()) {
				Http2Call call = this.waiting.iterator().next();
				this.waiting.remove(call);
				this.sent.add(call);
				connection.send(call);
			}
			else {
				break;
			}
		}
	}

	/**
	 * Looks again after what is going on now: a stream is closed only after all that it
	 * brought was looked at.
	 */
	void advanceLater() {
		if (!this.waiting.isEmpty()) {
			this.eventLoop.execute(this::advance);
		}
	}

	private @Nullable Http2Connection usable() {
		Http2Connection connection = this.current;
		// not one that was made after all, whatever the clock says
		if (connection != null && connection.isUsed() && this.drained.test(connection)) {
			connection.retire();
		}
		if (connection == null || !connection.isUsable()) {
			this.current = null;
			return null;
		}
		return connection;
	}

	/**
	 * Says to all that wait what they wait for.
	 */
	void waitFor(Step step) {
		this.step = step;
		this.waiting.forEach((call) -> call.waitFor(step));
	}

	/**
	 * Takes over what the opening under way has made; one that was closed says nothing.
	 */
	void opened(Http2Connection connection) {
		this.opening = null;
		this.connections.add(connection);
		this.current = connection;
		this.usedAt = System.nanoTime();
		waitFor(Step.LEASE);
		advance();
	}

	/**
	 * Takes note that the opening under way has made nothing.
	 */
	void failed(Exception cause) {
		this.opening = null;
		List<Http2Call> failed = new ArrayList<>(this.waiting);
		this.waiting.clear();
		failed.forEach((call) -> call.failed(cause));
		advance();
	}

	void lost(Http2Connection connection) {
		this.connections.remove(connection);
		advance();
	}

	/**
	 * Leaves a connection that nobody used for so long, or that is not to be used again.
	 * From any thread.
	 */
	void closeIdle(Duration time) {
		if (this.stats.getAvailable() > 0) {
			this.eventLoop.execute(() -> {
				Http2Connection connection = usable();
				if (connection != null && this.sent.isEmpty() && System.nanoTime() - this.usedAt > time.toNanos()) {
					this.current = null;
					connection.retire();
				}
			});
		}
	}

	/**
	 * Calls that are sent and that wait, and connections that nobody uses. From any
	 * thread.
	 */
	PoolStats stats() {
		return this.stats;
	}

	/**
	 * Ends all calls. From any thread.
	 */
	void close() {
		this.eventLoop.execute(() -> {
			this.closed = true;
			List<Http2Call> calls = new ArrayList<>(this.waiting);
			this.waiting.clear();
			calls.addAll(this.sent);
			if (this.opening != null) {
				this.opening.close();
				this.opening = null;
			}
			calls.forEach((call) -> call.failed(new IllegalStateException("The transport was closed")));
			List.copyOf(this.connections).forEach(Http2Connection::retire);
		});
	}

	/**
	 * Makes connections to the instance.
	 */
	@FunctionalInterface
	interface Openings {

		Http2Opening to(Http2Instance instance, EventLoop eventLoop);

	}

}
