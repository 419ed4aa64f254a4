package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.hc.core5.net.InetAddressUtils;
import org.apache.hc.core5.util.Timeout;

/**
 * Resolves host names without blocking: the JDK does so uninterruptibly, for as long as
 * the name server likes. Each lookup has a thread of its own, shared by all who ask for
 * the same name meanwhile, so that a name server that hangs costs one thread for a name.
 * Results are not kept; the JDK does that.
 */
final class NameResolver {

	private final Lookup lookup;

	private final Map<String, CompletableFuture<InetAddress[]>> underWay = new ConcurrentHashMap<>();

	NameResolver(Lookup lookup) {
		this.lookup = lookup;
	}

	/**
	 * The addresses of a host. The future is the caller's own: it may be cancelled.
	 */
	CompletableFuture<InetAddress[]> resolve(String host) {
		if (InetAddressUtils.isIPv4(host) || InetAddressUtils.isIPv6(host)) {
			CompletableFuture<InetAddress[]> literal = new CompletableFuture<>();
			complete(host, literal);
			return literal;
		}
		CompletableFuture<InetAddress[]> started = new CompletableFuture<>();
		CompletableFuture<InetAddress[]> other = this.underWay.putIfAbsent(host, started);
		if (other != null) {
			return other.copy();
		}
		Thread thread = new Thread(() -> lookUp(host, started), "rpc-client-resolve-" + host);
		thread.setDaemon(true);
		thread.start();
		return started.copy();
	}

	/**
	 * Waits for addresses.
	 * @throws SocketTimeoutException if they do not come in time
	 */
	static InetAddress[] await(CompletableFuture<InetAddress[]> resolving, Timeout timeout) throws Exception {
		try {
			return resolving.get(timeout.toMilliseconds(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw new SocketTimeoutException("Name resolution did not end in time");
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
	}

	/**
	 * What became of a future of {@link #resolve} that may have timed out.
	 */
	static Exception unwrap(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof TimeoutException) {
			return new SocketTimeoutException("Name resolution did not end in time");
		}
		return (cause instanceof Exception exception) ? exception : new IllegalStateException(cause);
	}

	private void lookUp(String host, CompletableFuture<InetAddress[]> addresses) {
		try {
			complete(host, addresses);
		}
		finally {
			this.underWay.remove(host, addresses);
		}
	}

	private void complete(String host, CompletableFuture<InetAddress[]> addresses) {
		try {
			addresses.complete(this.lookup.lookUp(host));
		}
		// somebody waits for this, whatever it is
		catch (Throwable ex) {
			addresses.completeExceptionally(ex);
		}
	}

	/**
	 * Asks for the addresses of a host, as {@link InetAddress#getAllByName} does.
	 */
	@FunctionalInterface
	interface Lookup {

		InetAddress[] lookUp(String host) throws UnknownHostException;

	}

}
