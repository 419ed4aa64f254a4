package dev.rpcboot.jsonrpc;

/**
 * A response above the limit.
 *
 * @since 0.1
 */
public final class AnswerTooLargeException extends Exception {

	private static final long serialVersionUID = 1L;

	AnswerTooLargeException(long limit) {
		super("The answer is larger than " + limit + " bytes", null, false, false);
	}

}
