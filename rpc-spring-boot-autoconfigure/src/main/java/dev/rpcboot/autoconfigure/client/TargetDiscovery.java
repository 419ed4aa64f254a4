package dev.rpcboot.autoconfigure.client;

/**
 * Judges at start whether discovery could ever know a target.
 */
@FunctionalInterface
interface TargetDiscovery {

	/**
	 * Whether an instance of the target is known or may appear; {@code false} only if it
	 * certainly cannot.
	 */
	boolean mayKnow(String target);

}
