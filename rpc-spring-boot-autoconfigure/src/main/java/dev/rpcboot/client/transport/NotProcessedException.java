package dev.rpcboot.client.transport;

import java.io.IOException;

/**
 * The server has said that it did nothing about a request.
 */
final class NotProcessedException extends IOException {

	private static final long serialVersionUID = 1L;

	NotProcessedException(String message) {
		super(message);
	}

}
