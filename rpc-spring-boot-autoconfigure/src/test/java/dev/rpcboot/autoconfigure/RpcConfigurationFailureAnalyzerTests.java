package dev.rpcboot.autoconfigure;

import java.util.function.Supplier;

import dev.rpcboot.autoconfigure.client.RpcReferencesAutoConfiguration;
import dev.rpcboot.autoconfigure.client.StockService;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link RpcConfigurationFailureAnalyzer}, by what a start prints that fails.
 */
@ExtendWith(OutputCaptureExtension.class)
class RpcConfigurationFailureAnalyzerTests {

	@Test
	void targetWithoutUrlIsExplained(CapturedOutput output) {
		assertStartFails(Consumer.class);

		assertThat(output).containsSubsequence("APPLICATION FAILED TO START", "Description:",
				"Nothing tells where the target 'warehouse' of the reference to " + StockService.class.getName(),
				"Action:", "Set rpc.client.targets.warehouse.url to the application's base URL");
		assertThat(output).doesNotContain("\tat ");
	}

	@Test
	void propertyThatContradictsTheContractIsExplained(CapturedOutput output) {
		assertStartFails(Consumer.class, "--rpc.client.targets.warehouse.url=http://localhost:1",
				"--rpc.client.targets.warehouse.methods.Stock.reserve.cache.ttl=1s");

		assertThat(output).containsSubsequence("Description:",
				"rpc.client.targets.warehouse.methods.Stock.reserve.cache.* is set", "Action:", "Remove");
	}

	@Test
	void valueThatNoCallCanBeMadeWithIsExplained(CapturedOutput output) {
		assertStartFails(Consumer.class, "--rpc.client.timeout=0s");

		assertThat(output).containsSubsequence("Description:", "rpc.client.timeout is PT0S", "Action:",
				"Set rpc.client.timeout to a positive duration");
	}

	@Test
	void injectionPointThatCannotBeAReferenceIsExplained(CapturedOutput output) {
		assertStartFails(WrongConsumer.class);

		assertThat(output).containsSubsequence("Description:", "WrongConsumer.name", "java.lang.String", "Action:",
				"Declare the contract's interface");
	}

	@Test
	void mistakeBehindFailuresOfOtherBeansIsExplained(CapturedOutput output) {
		assertStartFails(NestedMistake.class);

		assertThat(output).containsSubsequence("Description:", "It is wrong.", "Action:", "Mend it.");
	}

	private static void assertStartFails(Class<?> application, String... arguments) {
		SpringApplication start = new SpringApplication(application);
		start.setWebApplicationType(WebApplicationType.NONE);

		assertThatException().isThrownBy(() -> start.run(arguments));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(RpcReferencesAutoConfiguration.class)
	static class Consumer {

		@Bean
		Supplier<String> user(@RpcReference("warehouse") ObjectProvider<StockService> stock) {
			return () -> "user";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(RpcReferencesAutoConfiguration.class)
	static class WrongConsumer {

		@RpcReference("warehouse")
		String name;

	}

	@Configuration(proxyBeanMethods = false)
	static class NestedMistake {

		@Bean
		Supplier<String> mistaken() {
			throw new RpcConfigurationException("It is wrong.", "Mend it.");
		}

		@Bean
		Runnable user(Supplier<String> mistaken) {
			return mistaken::get;
		}

	}

}
