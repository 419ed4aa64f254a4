package dev.rpcboot.benchmark.grpc;

import java.util.stream.IntStream;

import com.google.protobuf.Timestamp;
import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.PurchaseOrder;
import dev.rpcboot.benchmark.grpc.generated.Customer;
import dev.rpcboot.benchmark.grpc.generated.Line;
import dev.rpcboot.benchmark.grpc.generated.Order;
import dev.rpcboot.benchmark.grpc.generated.Orders;
import dev.rpcboot.benchmark.grpc.generated.State;

/**
 * The data as messages, made once from the records.
 */
final class Messages {

	static final Order ORDER = order(PurchaseOrder.sample());

	static final Order CONFIRMED = confirmed(ORDER);

	static final Orders ORDERS = Orders.newBuilder()
		.addAllOrders(
				IntStream.range(0, OrderDesk.LISTED).mapToObj(PurchaseOrder::sample).map(Messages::order).toList())
		.build();

	private Messages() {
	}

	static Order confirmed(Order order) {
		return order.toBuilder().setState(State.CONFIRMED).build();
	}

	private static Order order(PurchaseOrder order) {
		Order.Builder builder = Order.newBuilder()
			.setId(order.id())
			.setCustomer(Customer.newBuilder()
				.setName(order.customer().name())
				.setEmail(order.customer().email())
				.setStreet(order.customer().street())
				.setCity(order.customer().city()))
			.setPlaced(Timestamp.newBuilder()
				.setSeconds(order.placed().getEpochSecond())
				.setNanos(order.placed().getNano()))
			.setState(State.valueOf(order.state().name()))
			.setTotal(order.total().toString());
		for (PurchaseOrder.Line line : order.lines()) {
			builder.addLines(Line.newBuilder()
				.setSku(line.sku())
				.setName(line.name())
				.setQuantity(line.quantity())
				.setPrice(line.price().toString()));
		}
		return builder.build();
	}

}
