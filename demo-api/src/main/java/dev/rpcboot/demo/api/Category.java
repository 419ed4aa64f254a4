package dev.rpcboot.demo.api;

/**
 * What an article is.
 */
public enum Category {

	BOLTS, NUTS, WASHERS

}
