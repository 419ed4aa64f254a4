package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.net.URI;
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
 * A transport over HTTP/1.1, and for callers that do not block over HTTP/2 too. Calls of
 * blocking callers are done on their own thread, the others on event loops, of Apache
 * HttpComponents or, over HTTP/2, of Netty. Connections are pooled per instance and per
 * {@link dev.rpcboot.client.RpcTransport.Settings}, for each of both kinds. Safe for
 * concurrent use.
 *
 * @since 0.1
 */
public final class HttpTransport implements RpcTransport, AutoCloseable {

	private static final int MAX_DESTINATIONS = 4096;

	private final TlsMaterialSource tls;

	private final ForBlocking forBlocking;

	private final NameResolver names;

	private final DrainedRoutes drained = new DrainedRoutes(this::closeExpired);

	private final Map<URI, Destination> destinations = new ConcurrentHashMap<>();

	private final Map<Settings, BlockingExchange> blocking = new ConcurrentHashMap<>();

	private final Map<Settings, NonBlockingExchange> async = new ConcurrentHashMap<>();

	private final ScheduledExecutorService evictor = Executors
		.newSingleThreadScheduledExecutor(new DefaultThreadFactory("rpc-client-idle", true));

	private @Nullable DefaultConnectingIOReactor eventLoop;

	private @Nullable Http2Client http2;

	private volatile boolean closed;

	/**
	 * Creates one.
	 * @param tls knows the SSL bundles that settings name
	 * @param forBlocking how the calls of blocking callers are done
	 */
	public HttpTransport(TlsMaterialSource tls, ForBlocking forBlocking) {
		this(tls, forBlocking, InetAddress::getAllByName);
	}

	HttpTransport(TlsMaterialSource tls, ForBlocking forBlocking, NameResolver.Lookup lookup) {
		this.tls = tls;
		this.forBlocking = forBlocking;
		this.names = new NameResolver(lookup);
	}

	/**
	 * How the calls of blocking callers are done.
	 */
	public ForBlocking forBlocking() {
		return this.forBlocking;
	}

	@Override
	public CompletableFuture<Answer> exchange(Message message, CallContext context) {
		try {
			Attempt attempt = new Attempt(message, destination(message.uri()), context);
			return context.isBlocking() ? blocking(message.settings()).exchange(attempt)
					: async(message.settings()).exchange(attempt);
		}
		// a wrong address or SSL bundle, found before there is an exchange
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private Destination destination(URI uri) {
		Destination known = this.destinations.get(uri);
		if (known != null) {
			return known;
		}
		if (this.destinations.size() >= MAX_DESTINATIONS) {
			this.destinations.clear();
		}
		Destination destination = Destination.of(uri);
		Destination other = this.destinations.putIfAbsent(uri, destination);
		return (other != null) ? other : destination;
	}

	private BlockingExchange blocking(Settings settings) {
		// not computeIfAbsent alone, which locks even where there is a value
		BlockingExchange exchange = this.blocking.get(settings);
		if (exchange != null) {
			return exchange;
		}
		BlockingExchange opened = this.blocking.computeIfAbsent(settings, this::openBlocking);
		if (this.closed) {
			opened.close();
		}
		return opened;
	}

	private NonBlockingExchange async(Settings settings) {
		NonBlockingExchange exchange = this.async.get(settings);
		if (exchange != null) {
			return exchange;
		}
		NonBlockingExchange opened = this.async.computeIfAbsent(settings, this::openAsync);
		if (this.closed) {
			opened.close();
		}
		return opened;
	}

	private synchronized BlockingExchange openBlocking(Settings settings) {
		checkOpen();
		TlsMaterial material = material(settings);
		BlockingExchange exchange = switch (this.forBlocking) {
			case SOCKETS -> new SocketExchange(settings, material, this.names, this.drained);
			case HTTP_COMPONENTS -> new LibraryExchange(settings, material, this.names, this.drained);
		};
		evict(settings, exchange::closeIdle);
		return exchange;
	}

	private synchronized NonBlockingExchange openAsync(Settings settings) {
		checkOpen();
		TlsMaterial material = material(settings);
		NonBlockingExchange exchange = settings.http2() ? http2().open(settings, material, this.names, this.drained)
				: new AsyncExchange(settings, material, this.names, this.drained, eventLoop());
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
				this.async.values().forEach(NonBlockingExchange::closeIdle);
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

	private Http2Client http2() {
		if (this.http2 == null) {
			this.http2 = new Http2Client();
		}
		return this.http2;
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
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.evictor.shutdownNow();
		this.blocking.values().forEach(BlockingExchange::close);
		this.async.values().forEach(NonBlockingExchange::close);
		if (this.eventLoop != null) {
			this.eventLoop.close(CloseMode.IMMEDIATE);
		}
		if (this.http2 != null) {
			this.http2.close();
		}
	}

	/**
	 * How the calls of blocking callers are done.
	 */
	public enum ForBlocking {

		/** Over sockets directly: the fastest. */
		SOCKETS,

		/** By Apache HttpComponents, as the others are. */
		HTTP_COMPONENTS

	}

}
