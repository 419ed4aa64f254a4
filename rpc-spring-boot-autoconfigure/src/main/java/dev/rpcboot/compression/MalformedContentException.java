package dev.rpcboot.compression;

import org.jspecify.annotations.Nullable;

/**
 * A message that is not what its coding promises: garbage, cut short, or with something
 * behind its end.
 *
 * @since 0.1
 */
public final class MalformedContentException extends Exception {

	private static final long serialVersionUID = 1L;

	MalformedContentException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
