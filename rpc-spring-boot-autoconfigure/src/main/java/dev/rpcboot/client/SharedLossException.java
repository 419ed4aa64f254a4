package dev.rpcboot.client;

import org.jspecify.annotations.Nullable;

/**
 * What broke an exchange in which several calls travelled together, as the cause of the
 * failures of all of them but one: it happened once, and so it counts once for those who
 * judge a target or an instance by its failures.
 */
final class SharedLossException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	SharedLossException(@Nullable Throwable cause) {
		super("It was sent together with others", cause);
	}

}
