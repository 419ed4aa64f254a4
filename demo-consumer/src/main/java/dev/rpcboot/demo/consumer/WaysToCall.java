package dev.rpcboot.demo.consumer;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.rpcboot.InstanceOutcome;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.RpcBatch;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.demo.api.Stock;
import dev.rpcboot.demo.api.StockService;
import dev.rpcboot.demo.api.UnknownSkuException;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The other ways to call, one after the other, printed.
 */
@Component
@Order(2)
class WaysToCall implements ApplicationRunner {

	private final StockService stock;

	private final AsyncStock asyncStock;

	private final RpcClient client;

	WaysToCall(@RpcReference("warehouse") StockService stock, @RpcReference("warehouse") AsyncStock asyncStock,
			RpcClient client) {
		this.stock = stock;
		this.asyncStock = asyncStock;
		this.client = client;
	}

	@Override
	public void run(ApplicationArguments args) throws Exception {
		asynchronous();
		stream();
		endlessStream();
		oneWay();
		broadcast();
		batch();
		generic();
	}

	private void asynchronous() throws Exception {
		title("Asynchronous: two calls at once, by an interface of our own for the same service");
		CompletableFuture<Stock> one = this.asyncStock.find("A-0051");
		CompletableFuture<Stock> other = this.asyncStock.find("A-0052");
		CompletableFuture<Integer> together = one.thenCombine(other, (a, b) -> a.left() + b.left());
		print("find(A-0051) = " + one.get());
		print("find(A-0052) = " + other.get());
		print("together " + together.get() + " pieces");
	}

	private void stream() {
		title("A stream: a thousand articles, one at a time");
		try (Stream<Stock> inventory = this.stock.inventory()) {
			print("inventory() = " + inventory.count() + " articles");
		}
	}

	private void endlessStream() {
		title("A stream without end: whoever has enough of it stops the producer");
		List<Integer> looks = this.asyncStock.watch("A-0053").take(5).collectList().block();
		print("watch(A-0053) = " + looks);
	}

	private void oneWay() {
		title("One-way, with metadata: the count takes a second, the call does not");
		long start = System.nanoTime();
		RpcMetadata.of("clerk", "Ada").run(() -> this.stock.recount("A-0054"));
		print("recount(A-0054) was accepted after " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
	}

	private void broadcast() throws Exception {
		title("Broadcast: every warehouse at once");
		List<InstanceOutcome<Stock>> outcomes = this.client.broadcast(StockService.class, "warehouse")
			.policy(BroadcastPolicy.ALL)
			.call((stock) -> stock.find("A-0055"));
		for (InstanceOutcome<Stock> outcome : outcomes) {
			print("find(A-0055) at " + outcome.address() + " = " + outcome.get());
		}
	}

	private void batch() throws Exception {
		title("A batch: one request, each entry with its own outcome");
		RpcBatch<StockService> batch = this.client.batch(StockService.class, "warehouse");
		RpcBatch.Entry<Stock> found = batch.add((stock) -> stock.find("A-0056"));
		RpcBatch.Entry<BigDecimal> price = batch.add((stock) -> stock.price("A-0057"));
		RpcBatch.Entry<Stock> unknown = batch.add((stock) -> stock.find("A-9997"));
		batch.send();
		print("find(A-0056) = " + found.get());
		print("price(A-0057) = " + price.get());
		try {
			unknown.get(UnknownSkuException.class);
		}
		catch (UnknownSkuException ex) {
			print("find(A-9997) failed: " + ex);
		}
	}

	private void generic() {
		title("Generic: without the interface");
		Stock stock = this.client.generic("warehouse", "StockService")
			.method("find")
			.named(Map.of("sku", "A-0058"))
			.call(Stock.class);
		print("find(A-0058) = " + stock);
	}

	private static void title(String title) {
		System.out.printf("%n%s%n", title);
	}

	private static void print(String line) {
		System.out.println("  " + line);
	}

}
