package dev.rpcboot.jsonrpc;

/**
 * Limits on what a peer may send, checked while parsing.
 *
 * @param maxNestingDepth depth of arrays and objects
 * @param maxMethodLength characters of a method's name
 * @param maxIdLength characters of an id as it stands in the request
 * @param maxNumberLength characters of a number
 * @param maxNameLength characters of a member's name
 * @param maxBatchSize entries of a batch
 * @since 0.1
 */
public record JsonRpcLimits(int maxNestingDepth, int maxMethodLength, int maxIdLength, int maxNumberLength,
		int maxNameLength, int maxBatchSize) {

	/** The limits that hold where nothing else is configured. */
	public static final JsonRpcLimits DEFAULTS = new JsonRpcLimits(100, 256, 1024, 1000, 256, 100);

}
