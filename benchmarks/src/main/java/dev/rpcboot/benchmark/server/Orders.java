package dev.rpcboot.benchmark.server;

import dev.rpcboot.benchmark.BenchmarkService;
import dev.rpcboot.benchmark.PurchaseOrder;
import dev.rpcboot.server.RpcService;

/**
 * The methods, exported by us.
 */
@RpcService
class Orders implements BenchmarkService {

	@Override
	public String greet(String name) {
		return "Hello, " + name;
	}

	@Override
	public PurchaseOrder save(PurchaseOrder order) {
		return order.confirmed();
	}

}
