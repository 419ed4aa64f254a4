package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallSettings.Scope;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcTransport;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PropertiesCallSettingsResolver}.
 */
class PropertiesCallSettingsResolverTests {

	private static final String METHOD = "rpc.client.targets.warehouse.methods.Stock.find.";

	private static final String TARGET = "rpc.client.targets.warehouse.";

	@Test
	void withoutAnyPropertyEverythingHasItsDefault() {
		CallSettings settings = resolve("find", Map.of());

		assertThat(settings)
			.isEqualTo(new CallSettings(Duration.ofSeconds(5), 3, null,
					new CallSettings.CircuitBreaker(
							"warehouse", 20, 10, 50, 100, Duration.ofSeconds(4), Duration.ofSeconds(5), 3),
					null, "/rpc",
					new RpcTransport.Settings(Duration.ofSeconds(1), 64, Duration.ofSeconds(10),
							DataSize.ofMegabytes(16), null),
					Duration.ofSeconds(30), CallSettings.Compression.NONE, true, Resilience.DEFAULTS));
	}

	@Test
	void targetOverridesAllAndMethodOverridesTarget() {
		Map<String, String> properties = Map.of("rpc.client.timeout", "1s", TARGET + "timeout", "2s",
				METHOD + "timeout", "3s");

		assertThat(resolve("find", properties).timeout()).hasSeconds(3);
		assertThat(resolve("reserve", properties).timeout()).hasSeconds(2);
		assertThat(resolver(properties).resolve("shop", method("find")).timeout()).hasSeconds(1);
	}

	@Test
	void keysOfOneGroupAreMergedOneByOne() {
		CallSettings settings = resolve("find",
				Map.of("rpc.client.cache.ttl", "1m", TARGET + "cache.scope", "headers", METHOD + "cache.headers",
						"X-Tenant,X-Region", "rpc.client.retry.max-attempts", "5",
						"rpc.client.circuit-breaker.sliding-window-size", "30",
						TARGET + "circuit-breaker.failure-rate-threshold", "25", METHOD + "timeout", "10s"));

		assertThat(settings.cache())
			.isEqualTo(new CallSettings.Cache(Duration.ofMinutes(1), Scope.HEADERS, List.of("X-Tenant", "X-Region")));
		assertThat(settings.maxAttempts()).isEqualTo(5);
		assertThat(settings.circuitBreaker())
			.extracting(CallSettings.CircuitBreaker::slidingWindowSize,
					CallSettings.CircuitBreaker::failureRateThreshold)
			.containsExactly(30, 25F);
	}

	@Test
	void methodsWithoutBreakerKeysShareTheBreakerOfTheTargetAndItsSettings() {
		Map<String, String> properties = Map.of(TARGET + "timeout", "2s", METHOD + "timeout", "10s");

		assertThat(resolve("find", properties).circuitBreaker())
			.isEqualTo(resolve("reserve", properties).circuitBreaker())
			.extracting(CallSettings.CircuitBreaker::name, CallSettings.CircuitBreaker::slowCallDurationThreshold)
			.containsExactly("warehouse", Duration.ofMillis(1600));
	}

	@Test
	void methodWithBreakerKeysHasABreakerOfItsOwn() {
		Map<String, String> properties = Map.of(METHOD + "timeout", "10s",
				METHOD + "circuit-breaker.minimum-number-of-calls", "4", TARGET + "circuit-breaker.sliding-window-size",
				"40");

		assertThat(resolve("find", properties).circuitBreaker()).isEqualTo(new CallSettings.CircuitBreaker(
				"warehouse.Stock.find", 40, 4, 50, 100, Duration.ofSeconds(8), Duration.ofSeconds(5), 3));
		assertThat(resolve("reserve", properties).circuitBreaker()).extracting(CallSettings.CircuitBreaker::name)
			.isEqualTo("warehouse");
	}

	@Test
	void breakerIsSwitchedOffForOneMethodOnly() {
		Map<String, String> properties = Map.of(METHOD + "circuit-breaker.enabled", "false");

		assertThat(resolve("find", properties).circuitBreaker()).isNull();
		assertThat(resolve("reserve", properties).circuitBreaker()).isNotNull();
	}

	@Test
	void cacheOfTheTargetLeavesMethodsAloneThatAreNotSafe() {
		Map<String, String> properties = Map.of(TARGET + "cache.ttl", "30s", TARGET + "cache.scope", "shared");

		assertThat(resolve("find", properties).cache())
			.isEqualTo(new CallSettings.Cache(Duration.ofSeconds(30), Scope.SHARED, List.of()));
		assertThat(resolve("reserve", properties).cache()).isNull();
	}

	@Test
	void zeroSwitchesAnInheritedCacheOff() {
		CallSettings settings = resolve("find",
				Map.of(TARGET + "cache.ttl", "30s", TARGET + "cache.scope", "shared", METHOD + "cache.ttl", "0s"));

		assertThat(settings.cache()).isNull();
	}

	@Test
	void scopeAloneForAllKeepsNothing() {
		assertThat(resolve("find", Map.of("rpc.client.cache.scope", "principal")).cache()).isNull();
	}

	@Test
	void connectionSettingsOfTheTargetOverrideThoseOfAll() {
		CallSettings settings = resolve("find",
				Map.of("rpc.client.connect-timeout", "200ms", TARGET + "connect-timeout", "300ms",
						"rpc.client.max-connections", "8", TARGET + "idle-timeout", "3s", TARGET + "max-answer-size",
						"1MB", TARGET + "url", "https://stock.example:8443/app/", TARGET + "path", "/api/rpc/",
						TARGET + "ssl.bundle", "internal"));

		assertThat(settings.url()).isEqualTo(URI.create("https://stock.example:8443/app"));
		assertThat(settings.path()).isEqualTo("/api/rpc");
		assertThat(settings.transport()).isEqualTo(new RpcTransport.Settings(Duration.ofMillis(300), 8,
				Duration.ofSeconds(3), DataSize.ofMegabytes(1), "internal"));
	}

	@Test
	void http2IsSwitchedOnForAllOrForOneTarget() {
		assertThat(resolve("find", Map.of()).transport().http2()).isFalse();
		assertThat(resolve("find", Map.of("rpc.client.http2", "true")).transport().http2()).isTrue();
		assertThat(resolve("find", Map.of(TARGET + "http2", "true")).transport().http2()).isTrue();
		assertThat(resolve("find", Map.of("rpc.client.http2", "true", TARGET + "http2", "false")).transport().http2())
			.isFalse();
	}

	@Test
	void environmentVariablesReachTargetsAndMethods() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
					Map.of("RPC_CLIENT_TARGETS_STOCKROOM_METHODS_STOCK_FIND_TIMEOUT", "7s",
							"RPC_CLIENT_TARGETS_STOCKROOM_URL", "http://localhost:9000")));
		RpcClientProperties properties = new Binder(ConfigurationPropertySources.get(environment))
			.bindOrCreate("rpc.client", RpcClientProperties.class);

		CallSettings settings = new PropertiesCallSettingsResolver(properties).resolve("stock-room", method("find"));

		assertThat(settings.timeout()).hasSeconds(7);
		assertThat(settings.url()).isEqualTo(URI.create("http://localhost:9000"));
	}

	@ParameterizedTest
	@CsvSource({ "rpc.client.timeout, 0s", "rpc.client.timeout, -1s", "rpc.client.retry.max-attempts, 0",
			"rpc.client.cache.max-entries, 0", "rpc.client.cache.ttl, -1s", "rpc.client.connect-timeout, 0s",
			"rpc.client.idle-timeout, 0s", "rpc.client.max-connections, 0", "rpc.client.max-answer-size, 0B",
			"rpc.client.max-answer-size, 3GB", "rpc.client.circuit-breaker.sliding-window-size, 0",
			"rpc.client.circuit-breaker.minimum-number-of-calls, 0",
			"rpc.client.circuit-breaker.failure-rate-threshold, 0",
			"rpc.client.circuit-breaker.slow-call-rate-threshold, 101",
			"rpc.client.circuit-breaker.slow-call-duration-threshold, 0s",
			"rpc.client.circuit-breaker.wait-duration-in-open-state, 0s",
			"rpc.client.circuit-breaker.permitted-number-of-calls-in-half-open-state, 0",
			"rpc.client.targets.warehouse.timeout, 0s", "rpc.client.targets.warehouse.path, rpc",
			"rpc.client.targets.warehouse.path, /rpc?x", "rpc.client.targets.warehouse.path, /a/../b",
			"rpc.client.targets.warehouse.url, localhost:8080", "rpc.client.targets.warehouse.url, /stock",
			"rpc.client.targets.warehouse.url, ftp://stock", "rpc.client.targets.warehouse.url, http://stock?x=1",
			"rpc.client.targets.warehouse.url, http://user:secret@stock",
			"rpc.client.targets.warehouse.methods.Stock.find.timeout, 0s",
			"rpc.client.targets.warehouse.methods.Stock.find.retry.max-attempts, 0",
			"rpc.client.targets.[my.target].timeout, 0s", "rpc.client.retry-budget.ratio, -0.1",
			"rpc.client.retry-budget.ratio, 1.1", "rpc.client.retry-budget.min-per-second, -1",
			"rpc.client.hedging.quantile, 1", "rpc.client.targets.warehouse.methods.Stock.find.hedging.quantile, 0.1",
			"rpc.client.throttling.multiplier, 0.5", "rpc.client.load-balancing.warm-up, -1s",
			"rpc.client.load-balancing.ejection.consecutive-failures, 0",
			"rpc.client.load-balancing.ejection.base-time, 0s", "rpc.client.load-balancing.ejection.max-time, 0s",
			"rpc.client.targets.warehouse.load-balancing.ejection.max-percentage, 101" })
	void refusesAValueThatNoCallCanBeMadeWithAndNamesItsProperty(String property, String value) {
		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> resolver(Map.of(property, value)))
			.satisfies((failure) -> assertThat(failure.description()).contains(property))
			.satisfies((failure) -> assertThat(failure.action()).contains(property))
			.satisfies((failure) -> assertThat(failure.getMessage()).doesNotContain("secret"));
	}

	@Test
	void resilienceIsMergedKeyByKeyToo() {
		Resilience resilience = resolve("find",
				Map.of("rpc.client.retry-budget.ratio", "0.2", TARGET + "retry-budget.min-per-second", "1",
						"rpc.client.hedging.quantile", "0.99", "rpc.client.load-balancing.ejection.base-time", "1s",
						TARGET + "load-balancing.ejection.max-percentage", "30", TARGET + "throttling.multiplier", "3",
						METHOD + "criticality", "sheddable", METHOD + "hash-by", "sku"))
			.resilience();

		assertThat(resilience).isEqualTo(new Resilience(new Resilience.Budget(0.2, 1),
				new Resilience.Hedging(0.99, false, Resilience.DEFAULTS.hedging().budget()), 3.0,
				new Resilience.Balancing(true, Duration.ofSeconds(10),
						new Resilience.Ejection(5, Duration.ofSeconds(1), Duration.ofSeconds(60), 30), "sku"),
				Criticality.SHEDDABLE));
	}

	@Test
	void eachPartOfResilienceCanBeSwitchedOff() {
		Resilience resilience = resolve("find",
				Map.of(METHOD + "hedging.enabled", "false", TARGET + "throttling.enabled", "false",
						"rpc.client.load-balancing.enabled", "false", "rpc.client.load-balancing.ejection.enabled",
						"false"))
			.resilience();

		assertThat(resilience.hedging()).isNull();
		assertThat(resilience.throttling()).isNull();
		assertThat(resilience.balancing().enabled()).isFalse();
		assertThat(resilience.balancing().ejection()).isNull();
	}

	@Test
	void refusesToChooseInstancesByAnArgumentThatTheMethodDoesNotHave() {
		assertRefused("find", Map.of(METHOD + "hash-by", "id"))
			.satisfies((failure) -> assertThat(failure.description()).contains(METHOD + "hash-by", "Stock/find"))
			.satisfies((failure) -> assertThat(failure.action()).contains("[sku]"));
	}

	@Test
	void refusesAnSslBundleForAnUnencryptedUrl() {
		assertRefused("find", Map.of(TARGET + "url", "http://stock", TARGET + "ssl.bundle", "internal"))
			.satisfies((failure) -> assertThat(failure.action()).contains(TARGET + "ssl.bundle"));
	}

	@Test
	void refusesACacheOfItsOwnForAMethodThatIsNotSafe() {
		assertRefused("reserve",
				Map.of("rpc.client.targets.warehouse.methods.Stock.reserve.cache.ttl", "1s",
						"rpc.client.targets.warehouse.methods.Stock.reserve.cache.scope", "shared"))
			.satisfies((failure) -> assertThat(failure.action()).contains(
					"rpc.client.targets.warehouse.methods.Stock.reserve.cache.", "StockService.reserve",
					"@RpcMethod(idempotency = SAFE)"));
	}

	@Test
	void refusesACacheWithoutScope() {
		assertRefused("find", Map.of(METHOD + "cache.ttl", "1s"))
			.satisfies((failure) -> assertThat(failure.action()).contains(METHOD + "cache.scope"));
	}

	@Test
	void refusesAScopeOfAMethodWithoutTtl() {
		assertRefused("find", Map.of(METHOD + "cache.scope", "shared"))
			.satisfies((failure) -> assertThat(failure.action()).contains(METHOD + "cache.ttl"));
	}

	@Test
	void refusesTheScopeOfHeadersWithoutHeaders() {
		assertRefused("find", Map.of(METHOD + "cache.ttl", "1s", METHOD + "cache.scope", "headers"))
			.satisfies((failure) -> assertThat(failure.action()).contains(METHOD + "cache.headers"));
	}

	private static ThrowableAssertAlternative<RpcConfigurationException> assertRefused(String method,
			Map<String, String> properties) {
		return assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> resolve(method, properties));
	}

	private static CallSettings resolve(String method, Map<String, String> properties) {
		return resolver(properties).resolve("warehouse", method(method));
	}

	private static PropertiesCallSettingsResolver resolver(Map<String, String> properties) {
		Binder binder = new Binder(new MapConfigurationPropertySource(new HashMap<>(properties)));
		return new PropertiesCallSettingsResolver(binder.bindOrCreate("rpc.client", RpcClientProperties.class));
	}

	private static ContractMethod method(String name) {
		return Contract.of(StockService.class)
			.methods()
			.stream()
			.filter((method) -> method.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

}
