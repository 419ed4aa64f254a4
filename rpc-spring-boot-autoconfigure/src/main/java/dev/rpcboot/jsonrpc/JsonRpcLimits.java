package dev.rpcboot.jsonrpc;

/**
 * Limits on what a peer may send, checked while parsing.
 *
 * @param maxNestingDepth depth of arrays and objects
 * @param maxMethodLength characters of a method's name
 * @param maxIdLength characters of an id as it stands in the request
 * @param maxNumberLength characters of a number
 * @param maxNameLength characters of a member's name, at least
 * {@value #LEAST_NAME_LENGTH}
 * @param maxBatchSize entries of a batch
 * @since 0.1
 */
public record JsonRpcLimits(int maxNestingDepth, int maxMethodLength, int maxIdLength, int maxNumberLength,
		int maxNameLength, int maxBatchSize) {

	/** Those of the names of a request's own members, such as {@code jsonrpc}. */
	public static final int LEAST_NAME_LENGTH = 7;

	/** The limits that hold where nothing else is configured. */
	public static final JsonRpcLimits DEFAULTS = new JsonRpcLimits(100, 256, 1024, 1000, 256, 100);

	/**
	 * Creates limits.
	 * @throws IllegalArgumentException if names are bounded so that there is no request
	 */
	public JsonRpcLimits {
		if (maxNameLength < LEAST_NAME_LENGTH) {
			throw new IllegalArgumentException("No request has names of at most " + maxNameLength
					+ " characters; allow " + LEAST_NAME_LENGTH + " or more");
		}
	}

}
