package dev.rpcboot.benchmark.spring;

import java.util.List;
import java.util.Map;

import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.PurchaseOrder;
import dev.rpcboot.benchmark.peer.JavaClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Calls through Spring Cloud OpenFeign, over the same HttpComponents. It balances nothing
 * and observes nothing.
 */
public final class OpenFeignClient implements JavaClient {

	private final ConfigurableApplicationContext context;

	private final Orders orders;

	/**
	 * Starts an application.
	 */
	public OpenFeignClient(int port) {
		SpringApplication application = new SpringApplication(Consumer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application
			.setDefaultProperties(Map.of("spring.jmx.enabled", "false", "benchmark.url", "http://127.0.0.1:" + port));
		this.context = application.run();
		this.orders = this.context.getBean(FeignOrders.class);
		// several first calls at a time fail: it fills its list of converters as they
		// look
		this.orders.greet("first");
	}

	@Override
	public Orders orders() {
		return this.orders;
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableFeignClients(clients = FeignOrders.class)
	static class Consumer {

		@Bean
		CloseableHttpClient httpClient5() {
			return (CloseableHttpClient) HttpComponentsClient.httpClient();
		}

	}

	/**
	 * The methods as Feign wants them.
	 */
	@FeignClient(name = "orders", url = "${benchmark.url}", path = "/orders")
	interface FeignOrders extends Orders {

		@Override
		@GetMapping("/greet")
		String greet(@RequestParam String name);

		@Override
		@PostMapping("/save")
		PurchaseOrder save(@RequestBody PurchaseOrder order);

		@Override
		@GetMapping("/list")
		List<PurchaseOrder> list(@RequestParam int count);

		@Override
		@GetMapping("/greet-slowly")
		String greetSlowly(@RequestParam String name);

	}

}
