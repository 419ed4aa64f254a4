package dev.rpcboot.server.overload;

/**
 * How far the time of calls may come from waiting for each other.
 */
enum Load {

	/** So few run that they do not wait. */
	LOW,

	NORMAL,

	/** They wait. */
	HIGH

}
