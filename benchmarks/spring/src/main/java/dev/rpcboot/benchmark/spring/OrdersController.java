package dev.rpcboot.benchmark.spring;

import java.util.List;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.PurchaseOrder;

import org.springframework.web.bind.annotation.RestController;

/**
 * The methods, exported by Spring MVC.
 */
@RestController
class OrdersController implements HttpOrders {

	private final Orders orders = new OrderDesk();

	@Override
	public String greet(String name) {
		return this.orders.greet(name);
	}

	@Override
	public PurchaseOrder save(PurchaseOrder order) {
		return this.orders.save(order);
	}

	@Override
	public List<PurchaseOrder> list(int count) {
		return this.orders.list(count);
	}

	@Override
	public String greetSlowly(String name) {
		return this.orders.greetSlowly(name);
	}

}
