package dev.rpcboot.client.interceptor;

import java.net.URI;
import java.util.Map;

import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.TestRequests;
import org.junit.jupiter.api.Test;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceAddressesTests {

	private final InstanceAddresses addresses = new InstanceAddresses();

	@Test
	void tellsTheConfiguredPathsOfTargetsApart() {
		ServiceInstance instance = instance(Map.of());

		assertThat(this.addresses.of(instance, at("/rpc")).endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/rpc"));
		assertThat(this.addresses.of(instance, at("/v2")).endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/v2"));
	}

	@Test
	void prefersThePathThatTheInstancePublishes() {
		ServiceInstance instance = instance(Map.of("rpc.path", "/own"));

		assertThat(this.addresses.of(instance, at("/rpc"))).isSameAs(this.addresses.of(instance, at("/v2")));
		assertThat(this.addresses.of(instance, at("/rpc")).endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/own"));
	}

	private static ServiceInstance instance(Map<String, String> metadata) {
		return new DefaultServiceInstance("one", "warehouse", "127.0.0.1", 1, false, metadata);
	}

	private static CallSettings at(String path) {
		CallSettings settings = TestRequests.SETTINGS;
		return new CallSettings(settings.timeout(), settings.maxAttempts(), null, settings.circuitBreaker(), null, path,
				settings.transport(), settings.streamIdleTimeout(), settings.compression(), settings.resilience());
	}

}
