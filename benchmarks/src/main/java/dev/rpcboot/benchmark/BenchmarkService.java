package dev.rpcboot.benchmark;

/**
 * The methods that are measured.
 */
public interface BenchmarkService {

	/** A short text in and out. */
	String greet(String name);

	/** About 1 KB of JSON in and out. */
	PurchaseOrder save(PurchaseOrder order);

}
