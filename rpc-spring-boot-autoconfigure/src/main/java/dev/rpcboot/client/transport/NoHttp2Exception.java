package dev.rpcboot.client.transport;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * A connection was made, but HTTP/2 was not spoken there.
 */
final class NoHttp2Exception extends IOException {

	private static final long serialVersionUID = 1L;

	NoHttp2Exception(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
