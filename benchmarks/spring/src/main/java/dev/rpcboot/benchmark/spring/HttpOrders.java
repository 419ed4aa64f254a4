package dev.rpcboot.benchmark.spring;

import java.util.List;

import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.PurchaseOrder;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The methods as an HTTP Service.
 */
@HttpExchange("/orders")
public interface HttpOrders extends Orders {

	@Override
	@GetExchange("/greet")
	String greet(@RequestParam String name);

	@Override
	@PostExchange("/save")
	PurchaseOrder save(@RequestBody PurchaseOrder order);

	@Override
	@GetExchange("/list")
	List<PurchaseOrder> list(@RequestParam int count);

	@Override
	@GetExchange("/greet-slowly")
	String greetSlowly(@RequestParam String name);

}
