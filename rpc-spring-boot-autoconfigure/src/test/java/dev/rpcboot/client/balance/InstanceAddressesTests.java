package dev.rpcboot.client.balance;

import java.net.URI;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceAddressesTests {

	@Test
	void addsTheConfiguredPathOfTheTarget() {
		ServiceInstance instance = instance(Map.of());

		assertThat(InstanceAddresses.of(instance, "/rpc").endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/rpc"));
		assertThat(InstanceAddresses.of(instance, "/v2").endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/v2"));
	}

	@Test
	void prefersThePathThatTheInstancePublishes() {
		ServiceInstance instance = instance(Map.of("rpc.path", "/own"));

		assertThat(InstanceAddresses.of(instance, "/rpc").endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/own"));
	}

	@Test
	void tellsTargetsOfDifferentPathsApart() {
		Member member = new Member(instance(Map.of()), 0);

		assertThat(member.at("/rpc")).isSameAs(member.at("/rpc"));
		assertThat(member.at("/v2").endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/v2"));
	}

	private static ServiceInstance instance(Map<String, String> metadata) {
		return new DefaultServiceInstance("one", "warehouse", "127.0.0.1", 1, false, metadata);
	}

}
