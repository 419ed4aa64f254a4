package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.autoconfigure.server.RpcServerAutoConfiguration;
import dev.rpcboot.client.CallExecutor;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallSettingsResolver;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.FallbackResolver;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RpcClientAutoConfigurationTests {

	private final ApplicationContextRunner fixed = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcTransportAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcReferencesAutoConfiguration.class, RpcServerAutoConfiguration.class,
				ObservationAutoConfiguration.class))
		.withPropertyValues("rpc.client.targets.warehouse.url=http://127.0.0.1:1")
		.withUserConfiguration(Consumer.class);

	private final ApplicationContextRunner runner = this.fixed
		.withConfiguration(AutoConfigurations.of(LoadBalancerAutoConfiguration.class));

	@Test
	void composesEveryStageWhereEveryLibraryIsPresent() {
		this.runner.run((context) -> assertThat(stages(context)).containsOnly(ClientStage.values()));
	}

	@ParameterizedTest(name = "without {0}")
	@MethodSource
	void composesWhatIsLeftWithoutAnOptionalLibrary(String library, Set<ClientStage> missing) {
		this.runner.withClassLoader(new FilteredClassLoader(library)).run((context) -> {
			Set<ClientStage> left = EnumSet.allOf(ClientStage.class);
			left.removeAll(missing);
			assertThat(stages(context)).containsOnlyElementsOf(left);
		});
	}

	static Stream<Arguments> composesWhatIsLeftWithoutAnOptionalLibrary() {
		return Stream.of(Arguments.of("com.github.benmanes.caffeine", Set.of(ClientStage.CACHE)),
				Arguments.of("io.github.resilience4j", Set.of(ClientStage.CIRCUIT_BREAKER)),
				Arguments.of("io.micrometer.observation", Set.of(ClientStage.OBSERVATION, ClientStage.ATTEMPT)),
				Arguments.of("org.springframework.security", Set.of(ClientStage.CALL)),
				Arguments.of("io.micrometer.context", Set.of()), Arguments.of("jakarta.validation", Set.of()),
				Arguments.of("io.netty", Set.of()), Arguments.of("jakarta.servlet", Set.of()));
	}

	@ParameterizedTest(name = "without {0}")
	@ValueSource(strings = { "org.springframework.cloud", "reactor", "org.springframework.web" })
	void callsFixedAddressesWithoutWhatTheLoadBalancerNeeds(String library) {
		this.fixed.withClassLoader(new FilteredClassLoader(library, "org.springframework.cloud")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(RpcUnavailableException.class)
				.isThrownBy(() -> context.getBean(Consumer.class).warehouse.find("a"))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.CONNECT_FAILED));
		});
	}

	@ParameterizedTest(name = "without {0}")
	@ValueSource(strings = { "tools.jackson", "org.apache.hc" })
	void leavesApplicationsAloneThatCannotCall(String library) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(RpcTransportAutoConfiguration.class, RpcClientAutoConfiguration.class,
							RpcReferencesAutoConfiguration.class, RpcServerAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(library))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RpcClient.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "rpc.client.", "rpc.client.targets.warehouse." })
	void doesNotStartWithoutWhatHttp2Needs(String prefix) {
		ApplicationContextRunner asked = this.runner.withPropertyValues(prefix + "http2=true");

		asked.run((context) -> assertThat(context).hasNotFailed());
		asked.withClassLoader(new FilteredClassLoader("io.netty"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(RpcConfigurationException.class)
				.hasMessageContaining(prefix + "http2 is true")
				.hasMessageContaining(
						"Add a dependency on io.netty:netty-codec-http2, or remove " + prefix + "http2."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "rpcDeadlineInterceptor", "rpcRetryInterceptor", "rpcTargetInterceptor",
			"rpcCacheInterceptor", "rpcCircuitBreakerInterceptor", "rpcObservationInterceptor",
			"rpcAttemptEventInterceptor", "rpcPrincipalInterceptor" })
	void givesWayToAStageOfTheSameName(String name) {
		RpcClientInterceptor own = (request, chain) -> chain.proceed(request);

		this.runner.withBean(name, RpcClientInterceptor.class, () -> own)
			.run((context) -> assertThat(context.getBean(name)).isSameAs(own));
	}

	@Test
	void givesWayToBeansOfTheApplication() {
		RpcTransport transport = (message, context) -> new CompletableFuture<>();
		CallTimer timer = new CallTimer();
		CallExecutor executor = new CallExecutor(Runnable::run);
		CallSettingsResolver settings = (target, method) -> new CallSettings(Duration.ofSeconds(1), 1, null, null,
				URI.create("http://127.0.0.1:1"), "/rpc", new RpcTransport.Settings(Duration.ofSeconds(1), 1,
						Duration.ofSeconds(1), DataSize.ofMegabytes(1), null),
				Duration.ofSeconds(1), CallSettings.Compression.NONE, false, Resilience.DEFAULTS);
		FallbackResolver fallbacks = (contract, target) -> null;

		this.runner.withBean(RpcTransport.class, () -> transport)
			.withBean(CallTimer.class, () -> timer)
			.withBean(CallExecutor.class, () -> executor)
			.withBean(CallSettingsResolver.class, () -> settings)
			.withBean(FallbackResolver.class, () -> fallbacks)
			.run((context) -> {
				assertThat(context.getBean(RpcTransport.class)).isSameAs(transport);
				assertThat(context.getBean(CallTimer.class)).isSameAs(timer);
				assertThat(context.getBean(CallExecutor.class)).isSameAs(executor);
				assertThat(context.getBean(CallSettingsResolver.class)).isSameAs(settings);
				assertThat(context.getBean(FallbackResolver.class)).isSameAs(fallbacks);
			});
	}

	@Test
	void doesNotTakeThePlaceOfTheApplicationsExecutorOrMapper() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(Executor.class);
			assertThat(context).doesNotHaveBean(JsonMapper.class);
		});
	}

	@Test
	void letsAnInterceptorUseAReferenceItself() {
		this.runner.withUserConfiguration(AuthenticatingConfiguration.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static List<ClientStage> stages(ApplicationContext context) {
		return context.getBeanProvider(RpcClientInterceptor.class)
			.orderedStream()
			.map(RpcClientInterceptor::stage)
			.toList();
	}

	public interface Warehouse {

		String find(String sku);

	}

	@Configuration(proxyBeanMethods = false)
	static class Consumer {

		@RpcReference("warehouse")
		Warehouse warehouse;

	}

	@Configuration(proxyBeanMethods = false)
	static class AuthenticatingConfiguration {

		@Bean
		RpcClientInterceptor authenticating(@RpcReference("warehouse") Warehouse tokens) {
			return (request, chain) -> chain.proceed(request.withHeader("Authorization", tokens.toString()));
		}

	}

}
