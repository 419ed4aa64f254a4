package dev.rpcboot.demo.api;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

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

	/**
	 * All articles, one after the other, so that nobody has to hold them all.
	 */
	@RpcMethod(idempotency = Idempotency.SAFE)
	Stream<Stock> inventory();

	/**
	 * Tells how many pieces are on a shelf, again and again until nobody listens any
	 * more.
	 */
	@RpcMethod(idempotency = Idempotency.SAFE)
	Stream<Integer> watch(String sku) throws UnknownSkuException;

	/**
	 * Has a shelf counted anew. Who asks for it does not wait until that is done.
	 */
	@RpcMethod(oneWay = true)
	void recount(String sku);

}
