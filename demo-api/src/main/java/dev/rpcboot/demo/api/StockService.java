package dev.rpcboot.demo.api;

import java.math.BigDecimal;
import java.util.List;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;
import jakarta.validation.constraints.Positive;

/**
 * What a warehouse has in stock. A plain interface: the annotations only say what may be
 * repeated and which arguments make sense.
 */
public interface StockService {

	/**
	 * Finds one article.
	 */
	@RpcMethod(idempotency = Idempotency.SAFE)
	Stock find(String sku) throws UnknownSkuException;

	/**
	 * Lists all articles of a category.
	 */
	@RpcMethod(idempotency = Idempotency.SAFE)
	List<Stock> list(Category category);

	/**
	 * Tells the price of one piece. It changes rarely, so that callers may keep it.
	 */
	@RpcMethod(idempotency = Idempotency.SAFE)
	BigDecimal price(String sku) throws UnknownSkuException;

	/**
	 * Sets some pieces aside. Doing it twice is not doing it once, so it is never
	 * repeated once it may have run.
	 */
	Reservation reserve(String sku, @Positive int quantity) throws UnknownSkuException, OutOfStockException;

}
