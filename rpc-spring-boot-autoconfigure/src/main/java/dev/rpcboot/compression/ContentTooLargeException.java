package dev.rpcboot.compression;

/**
 * A message that is larger than its limit once it is decoded.
 *
 * @since 0.1
 */
public final class ContentTooLargeException extends Exception {

	private static final long serialVersionUID = 1L;

	ContentTooLargeException(long limit) {
		super("Decoded it has more than " + limit + " bytes");
	}

}
