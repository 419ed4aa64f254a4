package dev.rpcboot.demo.consumer;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.demo.api.Stock;
import dev.rpcboot.demo.api.UnknownSkuException;
import reactor.core.publisher.Flux;

/**
 * The warehouse's service as this application wants to call it: the wire matches by name,
 * so that each side may have an interface of its own.
 */
@RpcContract("StockService")
interface AsyncStock {

	@RpcMethod(idempotency = Idempotency.SAFE)
	CompletableFuture<Stock> find(String sku) throws UnknownSkuException;

	@RpcMethod(idempotency = Idempotency.SAFE)
	Flux<Integer> watch(String sku);

}
