package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * A transport over HTTP/1.1 by Apache HttpComponents. Calls of blocking callers are done
 * on their own thread, the others by the library's event loop. Connections are pooled per
 * instance and per {@link dev.rpcboot.client.RpcTransport.Settings}. Safe for concurrent
 * use.
 *
 * @since 0.1
 */
public final class HttpComponentsTransport implements RpcTransport, AutoCloseable {

	private final TlsMaterialSource tls;

	private final NameResolver names;

	private final Map<Settings, BlockingExchange> blocking = new ConcurrentHashMap<>();

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
		Attempt attempt = new Attempt(message, context);
		return blocking(message.settings()).exchange(attempt);
	}

	private BlockingExchange blocking(Settings settings) {
		BlockingExchange exchange = this.blocking.get(settings);
		return (exchange != null) ? exchange : this.blocking.computeIfAbsent(settings,
				(key) -> new BlockingExchange(key, material(key), this.names));
	}

	private @Nullable TlsMaterial material(Settings settings) {
		return (settings.sslBundle() != null) ? this.tls.get(settings.sslBundle()) : null;
	}

	@Override
	public void close() {
		this.blocking.values().forEach(BlockingExchange::close);
	}

}
