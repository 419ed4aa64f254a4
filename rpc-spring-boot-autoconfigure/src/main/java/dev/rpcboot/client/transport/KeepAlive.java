package dev.rpcboot.client.transport;

import java.time.Duration;
import java.util.Iterator;

import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * For how long a connection may be kept: who closes first decides whether a request can
 * run into a closing connection and be lost, so the client closes first.
 */
final class KeepAlive {

	// a request must arrive before the server's time is over, not only leave
	private static final Duration MARGIN = Duration.ofSeconds(1);

	private final Duration idleTimeout;

	KeepAlive(Duration idleTimeout) {
		this.idleTimeout = idleTimeout;
	}

	/**
	 * How long to keep the connection that answered; zero if it must be closed.
	 */
	TimeValue of(HttpRequest request, HttpResponse response, HttpContext context) {
		if (!DefaultConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)) {
			return TimeValue.ZERO_MILLISECONDS;
		}
		Duration time = this.idleTimeout;
		Iterator<HeaderElement> elements = MessageSupport.iterate(response, "Keep-Alive");
		while (elements.hasNext()) {
			HeaderElement element = elements.next();
			if (element.getName().equalsIgnoreCase("timeout") && element.getValue() != null) {
				time = earlier(time, element.getValue());
			}
		}
		return TimeValue.ofMilliseconds(Math.max(0, time.toMillis()));
	}

	private static Duration earlier(Duration time, String seconds) {
		try {
			Duration server = Duration.ofSeconds(Integer.parseInt(seconds.trim())).minus(MARGIN);
			return (server.compareTo(time) < 0) ? server : time;
		}
		// a hint that nobody can read binds nobody
		catch (NumberFormatException ex) {
			return time;
		}
	}

}
