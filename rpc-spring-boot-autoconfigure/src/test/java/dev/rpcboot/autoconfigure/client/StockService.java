package dev.rpcboot.autoconfigure.client;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcMethod;

/**
 * A contract for tests.
 */
@RpcContract("Stock")
public interface StockService {

	@RpcMethod(idempotency = Idempotency.SAFE)
	Stock find(String sku) throws UnknownSkuException;

	@RpcMethod
	void reserve(String sku, int quantity);

	/**
	 * Goods of one kind.
	 */
	record Stock(String sku, int quantity) {
	}

	/**
	 * No such goods.
	 */
	class UnknownSkuException extends Exception {

		private static final long serialVersionUID = 1L;

		private final String sku;

		public UnknownSkuException(String sku) {
			this.sku = sku;
		}

		public String getSku() {
			return this.sku;
		}

	}

}
