package dev.rpcboot.client.transport;

import java.io.IOException;

/**
 * What a server sent is not HTTP, or is above a limit that heads have.
 */
final class MalformedAnswerException extends IOException {

	private static final long serialVersionUID = 1L;

	MalformedAnswerException(String message) {
		super(message);
	}

	MalformedAnswerException(String message, Throwable cause) {
		super(message, cause);
	}

}
