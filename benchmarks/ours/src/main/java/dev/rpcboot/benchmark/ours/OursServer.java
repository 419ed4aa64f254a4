package dev.rpcboot.benchmark.ours;

import java.util.Map;

import dev.rpcboot.benchmark.OrderDesk;
import dev.rpcboot.benchmark.Orders;
import dev.rpcboot.benchmark.peer.PeerServer;
import dev.rpcboot.server.RpcService;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Exports the methods, on whatever web server is on the class path.
 */
public final class OursServer implements PeerServer {

	@Override
	public int start() {
		SpringApplication application = new SpringApplication(Provider.class);
		application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", "0",
				"server.tomcat.max-keep-alive-requests", "-1", "spring.jmx.enabled", "false"));
		return application.run().getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Provider {

		@Bean
		@RpcService
		Orders orders() {
			return new OrderDesk();
		}

	}

}
