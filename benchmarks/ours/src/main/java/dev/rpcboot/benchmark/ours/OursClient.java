package dev.rpcboot.benchmark.ours;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcContract;
import dev.rpcboot.benchmark.AsyncOrders;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.PurchaseOrder;
import dev.rpcboot.benchmark.peer.JavaClient;
import dev.rpcboot.client.RpcReference;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Calls through references, whose target a discovery client knows: with balancing,
 * breaker, deadline, retry and observation, and without a cache.
 */
public final class OursClient implements JavaClient {

	private final ConfigurableApplicationContext context;

	private final Orders orders;

	private final AsyncOrders asyncOrders;

	/**
	 * Starts an application.
	 */
	public OursClient(int port) {
		SpringApplication application = new SpringApplication(Consumer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("spring.jmx.enabled", "false",
				"spring.cloud.discovery.client.simple.instances.orders[0].uri", "http://127.0.0.1:" + port));
		this.context = application.run();
		Consumer consumer = this.context.getBean(Consumer.class);
		this.orders = consumer.orders;
		this.asyncOrders = consumer.asyncOrders;
	}

	@Override
	public Orders orders() {
		return this.orders;
	}

	@Override
	public AsyncOrders asyncOrders() {
		return this.asyncOrders;
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		private final Orders orders;

		private final AsyncOrders asyncOrders;

		Consumer(@RpcReference("orders") Orders orders, @RpcReference("orders") AsyncOrdersOfOurs asyncOrders) {
			this.orders = orders;
			this.asyncOrders = asyncOrders;
		}

	}

	/**
	 * The caller's own view of the contract.
	 */
	@RpcContract("Orders")
	interface AsyncOrdersOfOurs extends AsyncOrders {

		@Override
		CompletableFuture<String> greet(String name);

		@Override
		CompletableFuture<PurchaseOrder> save(PurchaseOrder order);

		@Override
		CompletableFuture<List<PurchaseOrder>> list(int count);

		@Override
		CompletableFuture<String> greetSlowly(String name);

	}

}
