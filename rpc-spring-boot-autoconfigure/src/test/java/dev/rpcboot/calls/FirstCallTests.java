package dev.rpcboot.calls;

import java.util.List;

import dev.rpcboot.client.RpcReference;
import dev.rpcboot.server.RpcService;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

class FirstCallTests {

	@Test
	void callsAcross() {
		try (ConfigurableApplicationContext provider = new SpringApplicationBuilder(Provider.class)
			.web(WebApplicationType.SERVLET)
			.properties("server.port=0", "server.address=127.0.0.1",
					"spring.autoconfigure.exclude=org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration")
			.run();
				ConfigurableApplicationContext consumer = new SpringApplicationBuilder(Consumer.class)
					.web(WebApplicationType.NONE)
					.properties("rpc.client.targets.warehouse.url=http://127.0.0.1:"
							+ provider.getEnvironment().getProperty("local.server.port"))
					.run()) {
			Stock stock = consumer.getBean(Consumer.class).stock;

			assertThat(stock.find("a")).isEqualTo("found a");
			assertThat(stock.all(List.of("a", "b"))).containsExactly("a", "b");
		}
	}

	public interface Stock {

		String find(String sku);

		List<String> all(List<String> names);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Warehouse.class)
	static class Provider {

	}

	@RpcService
	static class Warehouse implements Stock {

		@Override
		public String find(String sku) {
			return "found " + sku;
		}

		@Override
		public List<String> all(List<String> names) {
			return names;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("warehouse")
		Stock stock;

	}

}
