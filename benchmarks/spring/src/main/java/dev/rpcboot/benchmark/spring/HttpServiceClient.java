package dev.rpcboot.benchmark.spring;

import java.util.Map;

import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.peer.JavaClient;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/**
 * Calls through an HTTP Service interface on a {@code RestClient} from Boot's builder,
 * which is observed, as ours is.
 */
abstract class HttpServiceClient implements JavaClient {

	private final ConfigurableApplicationContext context;

	private final Orders orders;

	HttpServiceClient(int port, ClientHttpRequestFactory requests) {
		SpringApplication application = new SpringApplication(Consumer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("spring.jmx.enabled", "false"));
		this.context = application.run();
		RestClient client = this.context.getBean(RestClient.Builder.class)
			.baseUrl("http://127.0.0.1:" + port)
			.requestFactory(requests)
			.build();
		this.orders = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
			.build()
			.createClient(HttpOrders.class);
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
	static class Consumer {

	}

}
