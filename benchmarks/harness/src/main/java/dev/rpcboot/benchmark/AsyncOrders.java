package dev.rpcboot.benchmark;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The same methods for callers that do not wait.
 */
public interface AsyncOrders {

	CompletableFuture<String> greet(String name);

	CompletableFuture<PurchaseOrder> save(PurchaseOrder order);

	CompletableFuture<List<PurchaseOrder>> list(int count);

	CompletableFuture<String> greetSlowly(String name);

}
