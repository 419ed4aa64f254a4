package dev.rpcboot.benchmark.peer;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.benchmark.AsyncOrders;
import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.PurchaseOrder;

/**
 * The client of a peer that calls Java interfaces.
 */
public interface JavaClient extends PeerClient {

	/** Prepared, as the messages of other peers are. */
	PurchaseOrder ORDER = PurchaseOrder.sample();

	Orders orders();

	/**
	 * Only for peers that have it.
	 */
	default AsyncOrders asyncOrders() {
		throw new UnsupportedOperationException(getClass().getSimpleName() + " has no asynchronous calls");
	}

	@Override
	default Object call(Operation operation) {
		return switch (operation) {
			case GREET, GREET_A_SLOW_ONE -> orders().greet(operation.argument());
			case SAVE -> orders().save(ORDER);
			case LIST -> orders().list(OrderDesk.LISTED);
			case GREET_SLOWLY -> orders().greetSlowly(operation.argument());
		};
	}

	@Override
	default CompletableFuture<?> callAsync(Operation operation) {
		return switch (operation) {
			case GREET, GREET_A_SLOW_ONE -> asyncOrders().greet(operation.argument());
			case SAVE -> asyncOrders().save(ORDER);
			case LIST -> asyncOrders().list(OrderDesk.LISTED);
			case GREET_SLOWLY -> asyncOrders().greetSlowly(operation.argument());
		};
	}

	@Override
	default Object expected(Operation operation) {
		return switch (operation) {
			case GREET, GREET_SLOWLY, GREET_A_SLOW_ONE -> "Hello, " + operation.argument();
			case SAVE -> ORDER.confirmed();
			case LIST -> new OrderDesk().list(OrderDesk.LISTED);
		};
	}

}
