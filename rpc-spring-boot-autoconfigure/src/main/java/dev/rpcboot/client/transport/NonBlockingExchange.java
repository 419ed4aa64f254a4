package dev.rpcboot.client.transport;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.RpcTransport.Answer;
import org.apache.hc.core5.pool.PoolStats;

/**
 * Exchanges on the event loop. Safe for concurrent use.
 */
interface NonBlockingExchange extends AutoCloseable {

	/**
	 * Sends the message. Does not block.
	 * @return completes on the executor of the call's context
	 */
	CompletableFuture<Answer> exchange(Attempt attempt);

	/**
	 * Closes connections that were not used for too long.
	 */
	void closeIdle();

	/**
	 * How much there is of what calls wait for, and how much is in use: connections, or
	 * over HTTP/2 streams.
	 */
	PoolStats stats();

	/**
	 * Closes every connection; calls under way fail.
	 */
	@Override
	void close();

}
