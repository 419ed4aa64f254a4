package dev.rpcboot.benchmark.spring;

import java.util.Map;

import dev.rpcboot.benchmark.peer.PeerServer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * An application on Tomcat.
 */
public final class SpringServer implements PeerServer {

	@Override
	public int start() {
		SpringApplication application = new SpringApplication(Provider.class);
		application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", "0",
				"server.tomcat.max-keep-alive-requests", "-1", "spring.jmx.enabled", "false"));
		return application.run().getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(OrdersController.class)
	static class Provider {

	}

}
