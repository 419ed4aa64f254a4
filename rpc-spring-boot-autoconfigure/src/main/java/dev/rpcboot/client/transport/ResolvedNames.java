package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Hands the HTTP library the addresses that were resolved before it connects. The library
 * asks for them on the thread that connects and knows nothing of calls, hence the
 * thread-local, which is set around connecting alone.
 */
final class ResolvedNames implements DnsResolver {

	private final ThreadLocal<@Nullable Connecting> connecting = new ThreadLocal<>();

	/**
	 * Starts a connection to one of the addresses.
	 */
	<X extends Exception> void connect(InetAddress[] addresses, Attempt attempt, Action<X> action) throws X {
		this.connecting.set(new Connecting(addresses, attempt));
		try {
			action.run();
		}
		finally {
			this.connecting.remove();
		}
	}

	@Override
	public InetAddress[] resolve(String host) throws UnknownHostException {
		Connecting connecting = this.connecting.get();
		if (connecting == null) {
			throw new UnknownHostException(host);
		}
		// An endpoint that was closed before it connects is opened again by the library;
		// from here on closing it is enough.
		connecting.attempt().check();
		return connecting.addresses();
	}

	@Override
	public String resolveCanonicalHostname(String host) {
		return host;
	}

	/**
	 * Something that connects.
	 *
	 * @param <X> what it throws
	 */
	@FunctionalInterface
	interface Action<X extends Exception> {

		void run() throws X;

	}

	@SuppressWarnings("ArrayRecordComponent")
	private record Connecting(InetAddress[] addresses, Attempt attempt) {
	}

}
