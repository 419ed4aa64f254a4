package dev.rpcboot.server;

import dev.rpcboot.call.RpcHeaders;

/**
 * An answer for an endpoint to send. An empty body means that there is none.
 *
 * @param status the HTTP status
 * @param headers its headers, without those of HTTP's framing
 * @param body its body; not changed afterwards
 * @since 0.1
 */
public record HttpAnswer(int status, RpcHeaders headers, byte[] body) {

	HttpAnswer with(String header, String value) {
		return new HttpAnswer(this.status, this.headers.with(header, value), this.body);
	}

	/**
	 * A copy after which the connection is closed.
	 */
	public HttpAnswer closing() {
		return with("Connection", "close");
	}

}
