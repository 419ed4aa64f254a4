package dev.rpcboot.demo.consumer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.demo.api.Category;
import dev.rpcboot.demo.api.OutOfStockException;
import dev.rpcboot.demo.api.Stock;
import dev.rpcboot.demo.api.StockService;
import dev.rpcboot.demo.api.UnknownSkuException;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * One call of each kind, printed. The warehouse is used like an object of this process.
 */
@Component
@Order(1)
class Show implements ApplicationRunner {

	private final StockService stock;

	private final AsyncStock asyncStock;

	private final AttemptCounter attempts;

	Show(@RpcReference("warehouse") StockService stock, @RpcReference("warehouse") AsyncStock asyncStock,
			AttemptCounter attempts) {
		this.stock = stock;
		this.asyncStock = asyncStock;
		this.attempts = attempts;
	}

	@Override
	public void run(ApplicationArguments args) throws Exception {
		title("A result");
		print("find(A-0001) = " + this.stock.find("A-0001"));
		print("reserve(A-0001, 5) = " + this.stock.reserve("A-0001", 5));

		title("A list");
		List<Stock> nuts = this.stock.list(Category.NUTS);
		Stock cheapest = nuts.stream().min(Comparator.comparing(Stock::price)).orElseThrow();
		print("list(NUTS) = " + nuts.size() + " articles; the cheapest is " + cheapest.sku());

		title("Declared checked exceptions, with their properties");
		outOfStock();
		unknownSku();

		title("Invalid arguments, refused before the method is entered");
		invalidArguments();

		title("A cached call: five times asked, once executed");
		for (int i = 0; i < 5; i++) {
			print("price(A-0004) = " + this.stock.price("A-0004"));
		}

		title("Twenty calls at a time, spread over the instances");
		this.attempts.reset();
		List<CompletableFuture<Stock>> calls = new ArrayList<>();
		for (int i = 11; i <= 30; i++) {
			calls.add(this.asyncStock.find("A-%04d".formatted(i)));
		}
		calls.forEach(CompletableFuture::join);
		print("attempts by instance: " + this.attempts.byInstance());
	}

	private void outOfStock() throws UnknownSkuException {
		try {
			this.stock.reserve("A-0002", 1_000_000);
		}
		catch (OutOfStockException ex) {
			print("reserve(A-0002, 1000000) throws OutOfStockException[sku=" + ex.sku() + ", left=" + ex.left() + "]");
		}
	}

	private void unknownSku() {
		try {
			this.stock.find("A-9999");
		}
		catch (UnknownSkuException ex) {
			print("find(A-9999) throws UnknownSkuException[sku=" + ex.sku() + "]");
		}
	}

	private void invalidArguments() throws UnknownSkuException, OutOfStockException {
		try {
			this.stock.reserve("A-0003", -1);
		}
		catch (RpcRemoteException ex) {
			print("reserve(A-0003, -1) throws " + ex.reason() + ", " + ex.execution() + ", " + ex.violations());
		}
	}

	private static void title(String title) {
		System.out.printf("%n%s%n", title);
	}

	private static void print(String line) {
		System.out.println("  " + line);
	}

}
