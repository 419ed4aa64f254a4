package dev.rpcboot.benchmark.peer;

/**
 * The server of a peer. It has a public constructor without parameters, and runs until
 * its process is ended.
 */
@FunctionalInterface
public interface PeerServer {

	/**
	 * Threads for methods that block, for everybody who has a bound: Tomcat's default.
	 */
	int THREADS = 200;

	/**
	 * Starts to serve on loopback.
	 * @return the port
	 */
	int start() throws Exception;

}
