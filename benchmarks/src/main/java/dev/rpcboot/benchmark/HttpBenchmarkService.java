package dev.rpcboot.benchmark;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The same methods as an HTTP Service of Spring's.
 */
@HttpExchange("/http")
public interface HttpBenchmarkService extends BenchmarkService {

	@Override
	@GetExchange("/greet")
	String greet(@RequestParam String name);

	@Override
	@PostExchange("/save")
	PurchaseOrder save(@RequestBody PurchaseOrder order);

}
