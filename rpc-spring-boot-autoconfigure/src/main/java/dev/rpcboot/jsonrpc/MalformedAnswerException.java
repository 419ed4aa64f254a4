package dev.rpcboot.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * An answer that is not what JSON-RPC 2.0, or the contract, promises.
 *
 * @since 0.1
 */
public final class MalformedAnswerException extends Exception {

	private static final long serialVersionUID = 1L;

	MalformedAnswerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
