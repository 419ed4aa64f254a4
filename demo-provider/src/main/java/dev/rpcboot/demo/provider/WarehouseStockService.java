package dev.rpcboot.demo.provider;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import dev.rpcboot.demo.api.Category;
import dev.rpcboot.demo.api.OutOfStockException;
import dev.rpcboot.demo.api.Reservation;
import dev.rpcboot.demo.api.Stock;
import dev.rpcboot.demo.api.StockService;
import dev.rpcboot.demo.api.UnknownSkuException;
import dev.rpcboot.server.RpcService;

/**
 * Serves the contract from the shelves of this process.
 */
@RpcService
class WarehouseStockService implements StockService {

	private final Shelves shelves;

	WarehouseStockService(Shelves shelves) {
		this.shelves = shelves;
	}

	@Override
	public Stock find(String sku) throws UnknownSkuException {
		return this.shelves.find(sku);
	}

	@Override
	public List<Stock> list(Category category) {
		return this.shelves.list(category);
	}

	@Override
	public BigDecimal price(String sku) throws UnknownSkuException {
		return this.shelves.find(sku).price();
	}

	@Override
	public Reservation reserve(String sku, int quantity) throws UnknownSkuException, OutOfStockException {
		this.shelves.take(sku, quantity);
		return new Reservation(UUID.randomUUID(), sku, quantity, Duration.ofMinutes(15));
	}

	@Override
	public Stream<Stock> inventory() {
		return this.shelves.all().stream();
	}

	@Override
	public Stream<Integer> watch(String sku) throws UnknownSkuException {
		this.shelves.find(sku);
		return Stream.generate(() -> this.shelves.look(sku));
	}

	@Override
	public void recount(String sku) {
		this.shelves.recount(sku);
	}

}
