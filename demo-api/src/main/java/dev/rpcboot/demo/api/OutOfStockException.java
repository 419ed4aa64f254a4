package dev.rpcboot.demo.api;

/**
 * There are fewer pieces than were asked for.
 */
public class OutOfStockException extends Exception {

	private static final long serialVersionUID = 1L;

	private final String sku;

	private final int left;

	public OutOfStockException(String sku, int left) {
		super("Only " + left + " pieces of " + sku + " are left");
		this.sku = sku;
		this.left = left;
	}

	public String sku() {
		return this.sku;
	}

	public int left() {
		return this.left;
	}

}
