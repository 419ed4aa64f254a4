package dev.rpcboot.client;

/**
 * Attribute of a request that is made beside another one of the same call, which is slow:
 * it must go to another instance.
 *
 * @since 0.1
 */
public enum Hedge {

	/** The second of the two. */
	SECOND

}
