package dev.rpcboot.client.transport;

import java.io.IOException;

/**
 * The body of an answer is above the limit.
 */
final class AnswerTooLargeException extends IOException {

	private static final long serialVersionUID = 1L;

	AnswerTooLargeException() {
		super("The answer is larger than the limit");
	}

}
