package dev.rpcboot.autoconfigure.client;

import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

import dev.rpcboot.call.Contract;
import dev.rpcboot.call.ContractMethod;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration metadata that editors show. Without the annotation
 * processor, which newer JDKs do not run unasked, there is none.
 */
class ClientMetadataTests {

	@Test
	void everyPropertyIsDescribed() throws Exception {
		Map<String, JsonNode> properties = clientProperties();

		assertThat(properties).containsOnlyKeys("rpc.client.blocking-transport", "rpc.client.cache.headers",
				"rpc.client.cache.max-entries", "rpc.client.cache.scope", "rpc.client.cache.ttl",
				"rpc.client.circuit-breaker.enabled", "rpc.client.circuit-breaker.failure-rate-threshold",
				"rpc.client.circuit-breaker.minimum-number-of-calls",
				"rpc.client.circuit-breaker.permitted-number-of-calls-in-half-open-state",
				"rpc.client.circuit-breaker.sliding-window-size",
				"rpc.client.circuit-breaker.slow-call-duration-threshold",
				"rpc.client.circuit-breaker.slow-call-rate-threshold",
				"rpc.client.circuit-breaker.wait-duration-in-open-state", "rpc.client.coalescing",
				"rpc.client.compression.answers", "rpc.client.compression.min-size", "rpc.client.compression.requests",
				"rpc.client.connect-timeout", "rpc.client.criticality", "rpc.client.hedging.enabled",
				"rpc.client.hedging.keyed", "rpc.client.hedging.quantile", "rpc.client.http2",
				"rpc.client.idle-timeout", "rpc.client.load-balancing.all-clients",
				"rpc.client.load-balancing.ejection.base-time",
				"rpc.client.load-balancing.ejection.consecutive-failures", "rpc.client.load-balancing.ejection.enabled",
				"rpc.client.load-balancing.ejection.max-percentage", "rpc.client.load-balancing.ejection.max-time",
				"rpc.client.load-balancing.enabled", "rpc.client.load-balancing.warm-up", "rpc.client.max-answer-size",
				"rpc.client.max-connections", "rpc.client.retry-budget.min-per-second", "rpc.client.retry-budget.ratio",
				"rpc.client.retry.max-attempts", "rpc.client.stream.idle-timeout", "rpc.client.targets",
				"rpc.client.throttling.enabled", "rpc.client.throttling.multiplier", "rpc.client.timeout");
		assertThat(properties.values()).allSatisfy((property) -> {
			String description = property.path("description").asString("");
			assertThat(description).as(property.path("name").asString())
				.isNotBlank()
				.doesNotStartWithIgnoringCase("the ");
			assertThat(description).doesNotContain("{@", "<");
			if (property.path("type").asString().equals("java.lang.Boolean")) {
				assertThat(description).startsWithIgnoringCase("whether to ");
			}
		});
	}

	@Test
	void defaultsThatEditorsShowAreThoseThatApply() throws Exception {
		Map<String, String> shown = new HashMap<>();
		clientProperties().forEach((name, property) -> {
			if (property.has("defaultValue")) {
				shown.put(name, property.path("defaultValue").asString());
			}
		});
		ContractMethod method = Contract.of(StockService.class).methods().iterator().next();

		assertThat(shown).hasSize(36);
		assertThat(bind(shown).resolve("any", method)).isEqualTo(bind(Map.of()).resolve("any", method));
	}

	private static PropertiesCallSettingsResolver bind(Map<String, String> properties) {
		return new PropertiesCallSettingsResolver(new Binder(new MapConfigurationPropertySource(properties))
			.bindOrCreate("rpc.client", RpcClientProperties.class));
	}

	private static Map<String, JsonNode> clientProperties() throws Exception {
		Map<String, JsonNode> properties = new TreeMap<>();
		try (InputStream metadata = RpcClientProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			assertThat(metadata).as("spring-configuration-metadata.json").isNotNull();
			StreamSupport.stream(JsonMapper.shared().readTree(metadata).path("properties").spliterator(), false)
				.filter((property) -> property.path("name").asString().startsWith("rpc.client."))
				.forEach((property) -> properties.put(property.path("name").asString(), property));
		}
		return properties;
	}

}
