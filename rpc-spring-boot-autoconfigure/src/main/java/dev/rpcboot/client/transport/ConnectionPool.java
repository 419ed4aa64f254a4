package dev.rpcboot.client.transport;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import dev.rpcboot.client.transport.Attempt.Step;
import org.apache.hc.core5.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server. That which was used last is used next, so that those
 * that are not needed grow old; callers who find none wait in order. Safe for concurrent
 * use.
 */
final class ConnectionPool {

	private final int max;

	private final Set<SocketConnection> all = new HashSet<>();

	private final Deque<SocketConnection> idle = new ArrayDeque<>();

	private final Deque<CompletableFuture<SocketConnection>> waiting = new ArrayDeque<>();

	private boolean closed;

	ConnectionPool(int max) {
		this.max = max;
	}

	/**
	 * Takes a connection, which may have to be opened yet.
	 * @return {@code null} if the pool is closed
	 */
	@Nullable SocketConnection lease(Attempt attempt) throws Exception {
		CompletableFuture<SocketConnection> turn;
		synchronized (this) {
			if (this.closed) {
				return null;
			}
			SocketConnection last = this.idle.pollFirst();
			if (last != null) {
				return last;
			}
			if (this.all.size() < this.max) {
				return make();
			}
			turn = new CompletableFuture<>();
			this.waiting.addLast(turn);
		}
		try {
			attempt.enter(Step.LEASE, () -> turn.cancel(false));
			return turn.get(attempt.remaining().toMilliseconds(), TimeUnit.MILLISECONDS);
		}
		catch (Exception ex) {
			leave(turn);
			throw ex;
		}
	}

	private SocketConnection make() {
		SocketConnection connection = new SocketConnection();
		this.all.add(connection);
		return connection;
	}

	/**
	 * Takes another in place of one that is of no use any more.
	 * @return {@code null} if the pool is closed
	 */
	synchronized @Nullable SocketConnection replace(SocketConnection old) {
		this.all.remove(old);
		return this.closed ? null : make();
	}

	// it may have been this one's turn in the very moment in which it gave up
	private void leave(CompletableFuture<SocketConnection> turn) {
		if (turn.cancel(false) || turn.isCompletedExceptionally()) {
			synchronized (this) {
				this.waiting.remove(turn);
			}
			return;
		}
		SocketConnection unused = turn.join();
		giveBack(unused, unused.isOpen());
	}

	/**
	 * Gives a connection back.
	 * @param usable whether another call may use it; else it is of no use to anybody
	 */
	void giveBack(SocketConnection connection, boolean usable) {
		SocketConnection given = connection;
		CompletableFuture<SocketConnection> next;
		do {
			synchronized (this) {
				if (!usable) {
					this.all.remove(given);
				}
				if (this.closed) {
					return;
				}
				next = this.waiting.pollFirst();
				if (next == null) {
					if (usable) {
						this.idle.addFirst(given);
					}
					return;
				}
				if (!usable) {
					given = make();
				}
			}
		}
		while (!next.complete(given));
	}

	/**
	 * Lets go of idle connections, and of the pool itself where there is no other.
	 * @return whether the pool is closed now
	 */
	boolean closeIdle(Predicate<SocketConnection> which) {
		List<SocketConnection> old = new ArrayList<>();
		boolean over;
		synchronized (this) {
			this.idle.removeIf((connection) -> which.test(connection) && old.add(connection));
			old.forEach(this.all::remove);
			this.closed |= this.all.isEmpty();
			over = this.closed;
		}
		old.forEach(SocketConnection::close);
		return over;
	}

	synchronized PoolStats stats() {
		return new PoolStats(this.all.size() - this.idle.size(), this.waiting.size(), this.idle.size(), this.max);
	}

	/**
	 * Closes every connection.
	 */
	void close() {
		List<SocketConnection> open;
		List<CompletableFuture<SocketConnection>> turns;
		synchronized (this) {
			this.closed = true;
			open = List.copyOf(this.all);
			turns = List.copyOf(this.waiting);
			this.all.clear();
			this.idle.clear();
			this.waiting.clear();
		}
		open.forEach(SocketConnection::abort);
		turns.forEach((turn) -> turn.completeExceptionally(new IOException("The transport was closed")));
	}

}
