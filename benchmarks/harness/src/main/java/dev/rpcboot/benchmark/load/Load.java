package dev.rpcboot.benchmark.load;

import java.time.Duration;

import dev.rpcboot.benchmark.peer.PeerClient;

/**
 * Callers of one kind. The first call that fails, or gets a wrong answer, ends it.
 */
@FunctionalInterface
interface Load {

	/**
	 * Calls for that long, and until all that was begun has been answered.
	 * @throws IllegalStateException if a call failed, or got a wrong answer
	 */
	Latencies run(PeerClient client, Workload workload, Duration duration) throws InterruptedException;

}
