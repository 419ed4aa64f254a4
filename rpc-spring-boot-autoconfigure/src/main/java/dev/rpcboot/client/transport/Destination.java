package dev.rpcboot.client.transport;

import java.net.URI;
import java.net.URISyntaxException;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.net.URIAuthority;

/**
 * Where a request goes, and what is the same for all requests that go there. Immutable.
 */
final class Destination {

	private final HttpRoute route;

	private final String hostHeader;

	private final String path;

	private final byte[] head;

	private Destination(HttpRoute route, String hostHeader, String path) {
		this.route = route;
		this.hostHeader = hostHeader;
		this.path = path;
		this.head = HttpHeaders.head(this);
	}

	/**
	 * The destination that a URI names.
	 * @throws IllegalArgumentException if it is not an absolute one of {@code http} or
	 * {@code https}
	 */
	static Destination of(URI uri) {
		boolean secure = URIScheme.HTTPS.same(uri.getScheme());
		if (uri.getRawAuthority() == null || !(secure || URIScheme.HTTP.same(uri.getScheme()))) {
			throw new IllegalArgumentException("Not an http or https address: " + uri);
		}
		URIAuthority authority = authority(uri);
		int port = (authority.getPort() >= 0) ? authority.getPort() : (secure ? 443 : 80);
		String path = URI.create(uri.toASCIIString()).getRawPath();
		HttpHost host = new HttpHost(secure ? URIScheme.HTTPS.id : URIScheme.HTTP.id, authority.getHostName(), port);
		return new Destination(new HttpRoute(host, null, secure), hostHeader(authority), path.isEmpty() ? "/" : path);
	}

	// URI.getHost() is null for names with an underscore, which container platforms use
	private static URIAuthority authority(URI uri) {
		try {
			return URIAuthority.create(uri.getRawAuthority());
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("No host and port in " + uri, ex);
		}
	}

	private static String hostHeader(URIAuthority authority) {
		String name = authority.getHostName();
		String host = (name.indexOf(':') >= 0) ? "[" + name + "]" : name;
		return (authority.getPort() >= 0) ? host + ":" + authority.getPort() : host;
	}

	/**
	 * Key of the pool, in the words of the HTTP library: scheme, host and port.
	 */
	HttpRoute route() {
		return this.route;
	}

	boolean isSecure() {
		return this.route.isSecure();
	}

	String host() {
		return this.route.getTargetHost().getHostName();
	}

	int port() {
		return this.route.getTargetHost().getPort();
	}

	/**
	 * Value of {@code Host}.
	 */
	String hostHeader() {
		return this.hostHeader;
	}

	/**
	 * What to ask for.
	 */
	String path() {
		return this.path;
	}

	/**
	 * The first lines of every request to it; not changed.
	 */
	byte[] head() {
		return this.head;
	}

	/**
	 * Host and port, for messages.
	 */
	@Override
	public String toString() {
		return host() + ":" + port();
	}

}
