package dev.rpcboot.autoconfigure.client;

/**
 * An implementation in the same application.
 */
class LocalStock implements StockService {

	@Override
	public Stock find(String sku) {
		return new Stock(sku, 7);
	}

	@Override
	public void reserve(String sku, int quantity) {
	}

}
