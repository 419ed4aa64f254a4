package dev.rpcboot.demo.api;

/**
 * There is no article of that number.
 */
public class UnknownSkuException extends Exception {

	private static final long serialVersionUID = 1L;

	private final String sku;

	public UnknownSkuException(String sku) {
		super("No article has the number " + sku);
		this.sku = sku;
	}

	public String sku() {
		return this.sku;
	}

}
