package dev.rpcboot.client.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Settings;
import dev.rpcboot.client.transport.Attempt.Step;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.pool.PoolStats;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges over sockets, one write and mostly one read each, which is all that a caller
 * who waits on its own thread needs of HTTP/1.1.
 */
final class SocketExchange implements BlockingExchange {

	private static final int MAX_FOUND = 4096;

	private final Settings settings;

	private final SocketTls tls;

	private final NameResolver names;

	private final DrainedRoutes drained;

	private final Map<HttpRoute, ConnectionPool> pools = new ConcurrentHashMap<>();

	/** The same pools: a destination is found sooner than a route. */
	private final Map<Destination, ConnectionPool> found = new ConcurrentHashMap<>();

	private volatile boolean closed;

	SocketExchange(Settings settings, @Nullable TlsMaterial tls, NameResolver names, DrainedRoutes drained) {
		this.settings = settings;
		this.tls = new SocketTls(tls);
		this.names = names;
		this.drained = drained;
	}

	@Override
	public CompletableFuture<Answer> exchange(Attempt attempt) {
		try {
			attempt.begin();
			ConnectionPool pool = pool(attempt.destination());
			SocketConnection connection = pool.lease(attempt);
			while (connection == null) {
				// it was not used for long
				forget(pool);
				pool = pool(attempt.destination());
				connection = pool.lease(attempt);
			}
			return CompletableFuture.completedFuture(exchange(attempt, pool, connection));
		}
		// whatever comes: the caller gets a failure it can act on
		catch (Exception ex) {
			return CompletableFuture.failedFuture(Failures.translate(ex, attempt));
		}
		finally {
			attempt.finish();
		}
	}

	private Answer exchange(Attempt attempt, ConnectionPool pool, SocketConnection leased) throws Exception {
		HttpRoute route = attempt.destination().route();
		SocketConnection connection = leased;
		boolean usable = false;
		try {
			if (connection.isOpen() && (isOld(connection, route) || !connection.isQuiet())) {
				connection.abort();
				connection = renewed(pool, connection);
			}
			if (!connection.isOpen()) {
				connect(connection, attempt);
			}
			// until something was sent
			usable = true;
			attempt.enter(Step.EXCHANGE, connection.aborting());
			usable = false;
			attempt.context().markSent();
			Answer answer = connection.exchange(attempt);
			this.drained.look(answer, route);
			connection.keep(this.settings.idleTimeout());
			usable = attempt.finish() && !isOld(connection, route);
			return answer;
		}
		finally {
			if (!usable) {
				connection.abort();
			}
			pool.giveBack(connection, usable);
		}
	}

	private static SocketConnection renewed(ConnectionPool pool, SocketConnection old) throws IOException {
		SocketConnection connection = pool.replace(old);
		if (connection == null) {
			throw closed();
		}
		return connection;
	}

	private static IOException closed() {
		return new IOException("The transport is closed");
	}

	private boolean isOld(SocketConnection connection, HttpRoute route) {
		return connection.isExpired() || this.drained.hasDrainedSince(connection.madeAt(), route);
	}

	private void connect(SocketConnection connection, Attempt attempt) throws Exception {
		Destination destination = attempt.destination();
		CompletableFuture<InetAddress[]> resolving = this.names.resolve(destination.host());
		attempt.enter(Step.RESOLVE, () -> resolving.cancel(false));
		InetAddress[] addresses = NameResolver.await(resolving, attempt.connectTimeout());
		attempt.enter(Step.CONNECT, connection.aborting());
		connection.open(addresses, attempt, destination.isSecure() ? this.tls : null);
		if (!connection.isQuiet()) {
			throw new IOException("The connection ended, or bore an answer, before anything was asked");
		}
	}

	private ConnectionPool pool(Destination destination) throws IOException {
		ConnectionPool known = this.found.get(destination);
		if (known != null) {
			return known;
		}
		ConnectionPool pool = this.pools.computeIfAbsent(destination.route(),
				(route) -> new ConnectionPool(this.settings.maxConnections()));
		if (this.closed) {
			pool.close();
			throw closed();
		}
		if (this.found.size() >= MAX_FOUND) {
			this.found.clear();
		}
		this.found.put(destination, pool);
		return pool;
	}

	private void forget(ConnectionPool pool) {
		this.pools.values().remove(pool);
		this.found.values().removeIf(pool::equals);
	}

	@Override
	public void closeIdle() {
		this.pools.forEach((route, pool) -> {
			if (pool.closeIdle((connection) -> isOld(connection, route))) {
				forget(pool);
			}
		});
	}

	@Override
	public PoolStats stats() {
		int leased = 0;
		int pending = 0;
		int available = 0;
		for (ConnectionPool pool : this.pools.values()) {
			PoolStats stats = pool.stats();
			leased += stats.getLeased();
			pending += stats.getPending();
			available += stats.getAvailable();
		}
		return new PoolStats(leased, pending, available, Integer.MAX_VALUE);
	}

	@Override
	public void close() {
		this.closed = true;
		this.pools.values().forEach(ConnectionPool::close);
	}

}
