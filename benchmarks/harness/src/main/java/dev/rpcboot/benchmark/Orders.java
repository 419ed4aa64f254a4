package dev.rpcboot.benchmark;

import java.util.List;

/**
 * The methods that are measured.
 */
public interface Orders {

	/** A short text in and out. */
	String greet(String name);

	/** About 1 KB of JSON in and out. */
	PurchaseOrder save(PurchaseOrder order);

	/** About 1 KB of JSON out for each. */
	List<PurchaseOrder> list(int count);

	/** As {@link #greet}, but it takes 10 ms. */
	String greetSlowly(String name);

}
