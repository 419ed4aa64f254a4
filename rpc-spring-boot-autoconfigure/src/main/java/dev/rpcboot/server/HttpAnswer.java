package dev.rpcboot.server;

import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

/**
 * An answer for an endpoint to send. An empty body means that there is none.
 *
 * @param status the HTTP status
 * @param headers its headers, without those of HTTP's framing
 * @param body its body; not changed afterwards
 * @param events what to send in place of the body, piece by piece, each as soon as it is
 * there; {@code null} for every other answer. Whoever cannot send them cancels them
 * @since 0.1
 */
public record HttpAnswer(int status, RpcHeaders headers, byte[] body, @Nullable EventStream events) {

	HttpAnswer(int status, RpcHeaders headers, byte[] body) {
		this(status, headers, body, null);
	}

	HttpAnswer with(String header, String value) {
		return new HttpAnswer(this.status, this.headers.with(header, value), this.body, this.events);
	}

	/**
	 * A copy after which the connection is closed.
	 */
	public HttpAnswer closing() {
		return with("Connection", "close");
	}

}
