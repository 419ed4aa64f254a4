package dev.rpcboot.client.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.client.RpcTransport.Answer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.core5.function.Resolver;

/**
 * Instances that said that they are about to stop. Connections to them that were made
 * before are not used again: they would meet a server that closes them. What stands at
 * the address later is reached by new ones. Safe for concurrent use.
 */
final class DrainedRoutes implements Resolver<HttpRoute, ConnectionConfig> {

	private static final ConnectionConfig USUAL = Http1.connections();

	/** No connection of before is left after that time, in milliseconds. */
	private static final long REMEMBERED = TimeUnit.MINUTES.toMillis(10);

	/** When each said so, by the clock by which the library dates connections. */
	private final Map<HttpRoute, Long> drainedAt = new ConcurrentHashMap<>();

	private final Runnable closeExpired;

	/**
	 * Creates one that knows of none.
	 * @param closeExpired lets go of connections whose time to live is over; must not
	 * block
	 */
	DrainedRoutes(Runnable closeExpired) {
		this.closeExpired = closeExpired;
	}

	/**
	 * Looks at an answer.
	 */
	void look(Answer answer, HttpRoute route) {
		if (answer.status() == RpcStatus.DRAINING.httpStatus()
				&& RpcStatus.DRAINING.name().equals(answer.headers().first(RpcHeaders.STATUS))) {
			long now = System.currentTimeMillis();
			this.drainedAt.values().removeIf((at) -> now - at > REMEMBERED);
			this.drainedAt.put(route, now);
			this.closeExpired.run();
		}
	}

	/**
	 * Whether an instance has said so since then.
	 * @param time by the wall clock, in milliseconds
	 */
	boolean hasDrainedSince(long time, HttpRoute route) {
		Long at = this.drainedAt.isEmpty() ? null : this.drainedAt.get(route);
		return at != null && at >= time;
	}

	@Override
	public ConnectionConfig resolve(HttpRoute route) {
		Long at = this.drainedAt.isEmpty() ? null : this.drainedAt.get(route);
		if (at == null) {
			return USUAL;
		}
		// at least one: none means for ever
		long since = Math.max(1, System.currentTimeMillis() - at);
		return ConnectionConfig.copy(USUAL).setTimeToLive(since, TimeUnit.MILLISECONDS).build();
	}

}
