package dev.rpcboot.client.balance;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.client.RpcRequest;

/**
 * Chooses among the instances of one target. Safe for concurrent use.
 */
@FunctionalInterface
interface Target {

	/**
	 * Chooses one for an attempt.
	 * @return fails if there is none, or none is found out
	 */
	CompletableFuture<? extends Choice> choose(RpcRequest request);

}
