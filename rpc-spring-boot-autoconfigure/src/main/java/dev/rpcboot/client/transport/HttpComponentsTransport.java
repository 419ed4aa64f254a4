package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.jspecify.annotations.Nullable;

/**
 * A transport over HTTP/1.1 by Apache HttpComponents. Calls of blocking callers are done
 * on their own thread, the others on an event loop. Connections are pooled per instance
 * and per {@link dev.rpcboot.client.RpcTransport.Settings}, for each of both kinds. Safe
 * for concurrent use.
 *
 * @since 0.1
 */
public final class HttpComponentsTransport implements RpcTransport, AutoCloseable {

	private final TlsMaterialSource tls;

	private final NameResolver names;

	private final DrainedRoutes drained = new DrainedRoutes(this::closeExpired);

	private final Map<Settings, BlockingExchange> blocking = new ConcurrentHashMap<>();

	private final Map<Settings, AsyncExchange> async = new ConcurrentHashMap<>();

	private final ScheduledExecutorService evictor = Executors
		.newSingleThreadScheduledExecutor(new DefaultThreadFactory("rpc-client-idle", true));

	private @Nullable DefaultConnectingIOReactor eventLoop;

	private boolean closed;

	/**
	 * Creates one.
	 * @param tls knows the SSL bundles that settings name
	 */
	public HttpComponentsTransport(TlsMaterialSource tls) {
		this(tls, InetAddress::getAllByName);
	}

	HttpComponentsTransport(TlsMaterialSource tls, NameResolver.Lookup lookup) {
		this.tls = tls;
		this.names = new NameResolver(lookup);
	}

	@Override
	public CompletableFuture<Answer> exchange(Message message, CallContext context) {
		try {
			Attempt attempt = new Attempt(message, context);
			return context.isBlocking() ? blocking(message.settings()).exchange(attempt)
					: async(message.settings()).exchange(attempt);
		}
		// a wrong address or SSL bundle, found before there is an exchange
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private BlockingExchange blocking(Settings settings) {
		// not computeIfAbsent alone, which locks even where there is a value
		BlockingExchange exchange = this.blocking.get(settings);
		return (exchange != null) ? exchange : this.blocking.computeIfAbsent(settings, this::openBlocking);
	}

	private AsyncExchange async(Settings settings) {
		AsyncExchange exchange = this.async.get(settings);
		return (exchange != null) ? exchange : this.async.computeIfAbsent(settings, this::openAsync);
	}

	private synchronized BlockingExchange openBlocking(Settings settings) {
		checkOpen();
		BlockingExchange exchange = new BlockingExchange(settings, material(settings), this.names, this.drained);
		evict(settings, exchange::closeIdle);
		return exchange;
	}

	private synchronized AsyncExchange openAsync(Settings settings) {
		checkOpen();
		AsyncExchange exchange = new AsyncExchange(settings, material(settings), this.names, this.drained, eventLoop());
		evict(settings, exchange::closeIdle);
		return exchange;
	}

	private void checkOpen() {
		if (this.closed) {
			throw new IllegalStateException("The transport is closed");
		}
	}

	private @Nullable TlsMaterial material(Settings settings) {
		return (settings.sslBundle() != null) ? this.tls.get(settings.sslBundle()) : null;
	}

	private void evict(Settings settings, Runnable closeIdle) {
		long period = Math.max(1, settings.idleTimeout().toMillis() / 4);
		this.evictor.scheduleWithFixedDelay(closeIdle, period, period, TimeUnit.MILLISECONDS);
	}

	private void closeExpired() {
		try {
			this.evictor.execute(() -> {
				this.blocking.values().forEach(BlockingExchange::closeIdle);
				this.async.values().forEach(AsyncExchange::closeIdle);
			});
		}
		catch (RejectedExecutionException ex) {
			// closed, and so is every connection
		}
	}

	private DefaultConnectingIOReactor eventLoop() {
		if (this.eventLoop == null) {
			this.eventLoop = EventLoop.start();
		}
		return this.eventLoop;
	}

	/**
	 * How many connections there are, and how many are in use.
	 */
	List<PoolStats> stats() {
		List<PoolStats> stats = new ArrayList<>();
		this.blocking.values().forEach((exchange) -> stats.add(exchange.stats()));
		this.async.values().forEach((exchange) -> stats.add(exchange.stats()));
		return stats;
	}

	/**
	 * Closes every connection; calls under way fail.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		this.evictor.shutdownNow();
		this.blocking.values().forEach(BlockingExchange::close);
		this.async.values().forEach(AsyncExchange::close);
		if (this.eventLoop != null) {
			this.eventLoop.close(CloseMode.IMMEDIATE);
		}
	}

}
