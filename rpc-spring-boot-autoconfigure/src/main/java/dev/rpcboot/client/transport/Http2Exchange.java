package dev.rpcboot.client.transport;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Settings;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.pool.PoolStats;

/**
 * Exchanges over HTTP/2, many at a time over one connection to an instance.
 */
final class Http2Exchange implements NonBlockingExchange {

	private final Settings settings;

	private final SslContext tls;

	private final NameResolver names;

	private final DrainedRoutes drained;

	private final EventLoopGroup eventLoops;

	private final Map<HttpRoute, Http2Instance> instances = new ConcurrentHashMap<>();

	private volatile boolean closed;

	Http2Exchange(Settings settings, SslContext tls, NameResolver names, DrainedRoutes drained,
			EventLoopGroup eventLoops) {
		this.settings = settings;
		this.tls = tls;
		this.names = names;
		this.drained = drained;
		this.eventLoops = eventLoops;
	}

	@Override
	public CompletableFuture<Answer> exchange(Attempt attempt) {
		AsyncAnswer answer = new AsyncAnswer(attempt);
		HttpRoute route = attempt.destination().route();
		try {
			attempt.begin();
			instance(route).send(answer);
		}
		// whatever it is: the caller gets a failure it can act on
		catch (RuntimeException ex) {
			answer.failed(ex);
		}
		answer.future().whenComplete((received, failure) -> {
			if (received != null) {
				this.drained.look(received, route);
			}
		});
		return answer.future();
	}

	private Http2Instance instance(HttpRoute route) {
		Http2Instance known = this.instances.get(route);
		if (known != null) {
			return known;
		}
		Http2Instance instance = this.instances.computeIfAbsent(route, this::instanceAt);
		if (this.closed) {
			instance.close();
		}
		return instance;
	}

	private Http2Instance instanceAt(HttpRoute route) {
		return new Http2Instance(this.settings.maxConnections(), this.eventLoops.next(),
				(instance, eventLoop) -> new Http2Opening(instance, route.getTargetHost(),
						this.settings.connectTimeout(), this.names, route.isSecure() ? this.tls : null, eventLoop),
				(connection) -> this.drained.hasDrainedSince(connection.openedAt(), route));
	}

	@Override
	public void closeIdle() {
		this.instances.values().forEach((instance) -> instance.closeIdle(this.settings.idleTimeout()));
	}

	@Override
	public PoolStats stats() {
		PoolStats total = new PoolStats(0, 0, 0, 0);
		for (Http2Instance instance : this.instances.values()) {
			PoolStats stats = instance.stats();
			total = new PoolStats(total.getLeased() + stats.getLeased(), total.getPending() + stats.getPending(),
					total.getAvailable() + stats.getAvailable(), total.getMax() + stats.getMax());
		}
		return total;
	}

	@Override
	public void close() {
		this.closed = true;
		this.instances.values().forEach(Http2Instance::close);
	}

}
