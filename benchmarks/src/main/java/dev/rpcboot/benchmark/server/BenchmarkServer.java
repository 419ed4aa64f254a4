package dev.rpcboot.benchmark.server;

import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Serves the same two methods as JSON-RPC and as a REST controller.
 */
@SpringBootApplication
public class BenchmarkServer {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(BenchmarkServer.class);
		application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", "0",
				"server.tomcat.max-keep-alive-requests", "-1", "spring.jmx.enabled", "false"));
		application.run(args);
	}

}
