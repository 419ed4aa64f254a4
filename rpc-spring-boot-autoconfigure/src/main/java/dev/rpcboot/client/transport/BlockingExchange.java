package dev.rpcboot.client.transport;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.RpcTransport.Answer;
import org.apache.hc.core5.pool.PoolStats;

/**
 * Exchanges on the caller's own thread. Safe for concurrent use.
 */
interface BlockingExchange extends AutoCloseable {

	/**
	 * Sends the message and waits for the answer.
	 * @return a future that is complete
	 */
	CompletableFuture<Answer> exchange(Attempt attempt);

	/**
	 * Closes connections that were not used for too long.
	 */
	void closeIdle();

	/**
	 * How many connections there are, and how many are in use.
	 */
	PoolStats stats();

	/**
	 * Closes every connection; calls under way fail.
	 */
	@Override
	void close();

}
