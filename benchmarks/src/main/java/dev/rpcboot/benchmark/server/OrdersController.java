package dev.rpcboot.benchmark.server;

import dev.rpcboot.benchmark.HttpBenchmarkService;
import dev.rpcboot.benchmark.PurchaseOrder;

import org.springframework.web.bind.annotation.RestController;

/**
 * The methods, exported by Spring MVC.
 */
@RestController
class OrdersController implements HttpBenchmarkService {

	private final Orders orders;

	OrdersController(Orders orders) {
		this.orders = orders;
	}

	@Override
	public String greet(String name) {
		return this.orders.greet(name);
	}

	@Override
	public PurchaseOrder save(PurchaseOrder order) {
		return this.orders.save(order);
	}

}
