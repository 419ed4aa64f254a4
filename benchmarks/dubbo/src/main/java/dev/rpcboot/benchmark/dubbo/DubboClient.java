package dev.rpcboot.benchmark.dubbo;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.benchmark.AsyncOrders;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.PurchaseOrder;
import dev.rpcboot.benchmark.peer.JavaClient;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
import org.apache.dubbo.rpc.RpcContext;

/**
 * Calls through a reference with a fixed address, on the one connection that is its
 * default.
 */
public final class DubboClient implements JavaClient, AsyncOrders {

	private final DubboBootstrap bootstrap;

	private final Orders orders;

	/**
	 * Connects.
	 */
	public DubboClient(int port) {
		ReferenceConfig<Orders> reference = new ReferenceConfig<>();
		reference.setInterface(Orders.class);
		reference.setUrl(System.getProperty("benchmark.protocol") + "://127.0.0.1:" + port);
		reference.setTimeout(5000);
		ApplicationConfig application = new ApplicationConfig("caller");
		// a port for operators that nobody needs here
		application.setQosEnable(false);
		this.bootstrap = DubboBootstrap.getInstance().application(application).reference(reference).start();
		this.orders = reference.get();
	}

	@Override
	public Orders orders() {
		return this.orders;
	}

	@Override
	public AsyncOrders asyncOrders() {
		return this;
	}

	@Override
	public CompletableFuture<String> greet(String name) {
		return async(() -> this.orders.greet(name));
	}

	@Override
	public CompletableFuture<PurchaseOrder> save(PurchaseOrder order) {
		return async(() -> this.orders.save(order));
	}

	@Override
	public CompletableFuture<List<PurchaseOrder>> list(int count) {
		return async(() -> this.orders.list(count));
	}

	@Override
	public CompletableFuture<String> greetSlowly(String name) {
		return async(() -> this.orders.greetSlowly(name));
	}

	private static <T> CompletableFuture<T> async(Callable<T> call) {
		return RpcContext.getServiceContext().asyncCall(call);
	}

	@Override
	public void close() {
		this.bootstrap.stop();
	}

}
