package dev.rpcboot.autoconfigure.client;

import java.net.URI;
import java.time.Duration;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.Resilience.Balancing;
import dev.rpcboot.client.TestRequests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class HashArgumentCheckTests {

	private final Reference reference = new Reference(Stock.class, "warehouse");

	@Test
	void acceptsAnArgumentThatOneMethodOfTheTargetHas() {
		HashArgumentCheck check = new HashArgumentCheck((target, method) -> settings("sku", null));

		assertThatNoException().isThrownBy(() -> check.check(this.reference));
	}

	@Test
	void refusesAnArgumentThatNoMethodHas() {
		HashArgumentCheck check = new HashArgumentCheck((target, method) -> settings("sko", null));

		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> check.check(this.reference))
			.withMessageContaining("'sko'");
	}

	@Test
	void refusesTheArgumentOfAMethodThatOnlyAnotherHas() {
		HashArgumentCheck check = new HashArgumentCheck(
				(target, method) -> settings(isFind(method) ? "amount" : null, null));

		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(() -> check.check(this.reference))
			.withMessageContaining("Stock/find")
			.withMessageContaining("[sku]");
	}

	@Test
	void doesNotMindWhereNothingIsBalanced() {
		HashArgumentCheck check = new HashArgumentCheck(
				(target, method) -> settings("sko", URI.create("http://127.0.0.1:1")));

		assertThatNoException().isThrownBy(() -> check.check(this.reference));
	}

	private static boolean isFind(ContractMethod method) {
		return method.name().equals("find");
	}

	private static CallSettings settings(@Nullable String hashBy, @Nullable URI url) {
		Resilience defaults = Resilience.DEFAULTS;
		Resilience resilience = new Resilience(defaults.retryBudget(), null, null,
				new Balancing(true, Duration.ofSeconds(10), null, hashBy), null);
		CallSettings settings = TestRequests.SETTINGS;
		return new CallSettings(settings.timeout(), 3, null, null, url, "/rpc", settings.transport(),
				settings.streamIdleTimeout(), settings.compression(), settings.coalescing(), resilience);
	}

	interface Stock {

		String find(String sku);

		void order(String sku, int amount);

		void list();

	}

}
