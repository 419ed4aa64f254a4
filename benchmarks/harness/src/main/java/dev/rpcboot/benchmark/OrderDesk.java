package dev.rpcboot.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What every server runs. It does nothing, so that the calls are all that costs.
 */
public class OrderDesk implements Orders {

	/** Whoever bears this name is greeted slowly by every method. */
	public static final String SLOW_NAME = "sloth";

	/** About 100 KB of JSON. */
	public static final int LISTED = 102;

	private static final List<PurchaseOrder> ALL = IntStream.range(0, LISTED).mapToObj(PurchaseOrder::sample).toList();

	@Override
	public String greet(String name) {
		return name.equals(SLOW_NAME) ? greetSlowly(name) : "Hello, " + name;
	}

	@Override
	public PurchaseOrder save(PurchaseOrder order) {
		return order.confirmed();
	}

	@Override
	public List<PurchaseOrder> list(int count) {
		return new ArrayList<>(ALL.subList(0, count));
	}

	@Override
	public String greetSlowly(String name) {
		pause();
		return "Hello, " + name;
	}

	/**
	 * What makes a call slow: it waits, as for a database, and keeps no core busy.
	 */
	public static void pause() {
		try {
			Thread.sleep(10);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted in a slow call", ex);
		}
	}

}
