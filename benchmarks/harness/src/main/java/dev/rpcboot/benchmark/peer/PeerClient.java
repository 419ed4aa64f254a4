package dev.rpcboot.benchmark.peer;

import java.util.concurrent.CompletableFuture;

/**
 * The client of a peer. It has a public constructor that takes the port of the server on
 * loopback, and is used by many callers at a time.
 */
public interface PeerClient extends AutoCloseable {

	/**
	 * Most connections to the server, for everybody who has one for each call under way:
	 * our default. Those that send many calls over one connection have one.
	 */
	int CONNECTIONS = 64;

	/**
	 * Makes a call and waits for the answer.
	 */
	Object call(Operation operation) throws Exception;

	/**
	 * Makes a call and does not wait.
	 */
	CompletableFuture<?> callAsync(Operation operation);

	/**
	 * What a right answer is equal to.
	 */
	Object expected(Operation operation);

}
