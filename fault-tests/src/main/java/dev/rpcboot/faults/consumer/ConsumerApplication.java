package dev.rpcboot.faults.consumer;

import dev.rpcboot.client.RpcClient;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Calls providers that a {@link StubDiscovery} knows.
 */
@SpringBootApplication(exclude = DataSourceAutoConfiguration.class)
public class ConsumerApplication {

	@Bean
	StubDiscovery stubDiscovery() {
		return new StubDiscovery();
	}

	@Bean
	AttemptLog attemptLog() {
		return new AttemptLog();
	}

	@Bean
	LoadGenerator loadGenerator(RpcClient client, AttemptLog attempts) {
		return new LoadGenerator((operation, target) -> operation.of(client, target), attempts);
	}

}
