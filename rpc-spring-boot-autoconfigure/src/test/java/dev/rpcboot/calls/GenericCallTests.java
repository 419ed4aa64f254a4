package dev.rpcboot.calls;

import java.io.File;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.call.RpcConfigurationException;
import dev.rpcboot.calls.Depot.Box;
import dev.rpcboot.client.RpcGenericCall;
import dev.rpcboot.client.RpcGenericService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Calls without the contract, whatever web stack the provider runs on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class GenericCallTests {

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private DepotProvider provider;

	private ConfigurableApplicationContext consuming;

	private DepotConsumer consumer;

	private RpcGenericService depot;

	GenericCallTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeAll
	void start() {
		ConfigurableApplicationContext providing = this.applications.provider(this.stack, DepotProvider.class);
		this.provider = providing.getBean(DepotProvider.class);
		this.consuming = this.applications.consumer(DepotConsumer.class,
				"rpc.client.targets.depot.url=" + Applications.url(providing),
				"rpc.client.targets.depot.methods.Depot.hang.timeout=300ms",
				"rpc.client.targets.depot.methods.Depot.find.cache.ttl=1m",
				"rpc.client.targets.depot.methods.Depot.find.cache.scope=shared");
		this.consumer = this.consuming.getBean(DepotConsumer.class);
		this.depot = this.consumer.client.generic("depot", "Depot");
	}

	@AfterAll
	void stop() {
		this.provider.released.countDown();
		this.applications.close();
	}

	@Test
	void passesArgumentsByPosition() {
		assertThat(this.depot.method("find").arguments("a").call(String.class)).isEqualTo("found a");
		assertThat(this.depot.method("add").arguments(2, 3).call(int.class)).isEqualTo(5);
		assertThat(this.depot.method("name").call(String.class)).isEqualTo("depot");
	}

	@Test
	void passesArgumentsByName() {
		RpcGenericCall add = this.depot.method("add").named(Map.of("other", 1, "one", 41));

		assertThat(add.call(Integer.class)).isEqualTo(42);
		assertThat(this.depot.method("pack").named(Map.of("box", new Box("a", List.of(1)))).call(Box.class))
			.isEqualTo(new Box("a!", List.of(1)));
	}

	@Test
	void decodesToTheTypeThatIsAskedFor() {
		assertThat(this.depot.method("shelves").arguments(0, 2).call(new ParameterizedTypeReference<List<String>>() {
		})).containsExactly("shelf 0", "shelf 1");
		assertThat(this.depot.method("pack").arguments(Map.of("label", "a", "sizes", List.of(1))).call(Object.class))
			.isEqualTo(Map.of("label", "a!", "sizes", List.of(1)));
		assertThat(this.depot.method("touch").arguments("a").call(void.class)).isNull();
		assertThat(this.depot.method("later").arguments("a").call(String.class)).isEqualTo("later a");
	}

	@Test
	void callsAsynchronously() {
		assertThat(this.depot.method("add").arguments(2, 3).callAsync(Integer.class))
			.succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(5);
		assertThat(
				this.depot.method("shelves").arguments(3, 4).callAsync(new ParameterizedTypeReference<List<String>>() {
				}))
			.succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(List.of("shelf 3"));
	}

	@Test
	void tellsAnApplicationErrorByItsTypeAndAttributes() {
		assertThatExceptionOfType(RpcRemoteException.class)
			.isThrownBy(() -> this.depot.method("find").arguments("missing-1").call(String.class))
			.withMessageContaining("Depot/find on depot")
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo("APPLICATION");
				assertThat(ex.type()).isEqualTo("MissingException");
				assertThat(ex.attributes()).isEqualTo(Map.of("sku", "missing-1"));
				assertThat(ex.execution()).isEqualTo(Execution.EXECUTED);
			});
	}

	@Test
	void goesThroughTheSamePipelineUnderTheSameSettings() {
		this.consumer.calls.clear();
		this.consumer.attempts.clear();

		assertThatExceptionOfType(RpcDeadlineExceededException.class)
			.isThrownBy(() -> this.depot.method("hang").call(String.class))
			.withMessageContaining("300ms");

		assertThat(this.consumer.calls).containsExactly("Depot/hang[]");
		assertThat(this.consumer.attempts).hasSize(1);
		assertThatExceptionOfType(RpcDeadlineExceededException.class)
			.isThrownBy(() -> this.depot.method("hang").timeout(Duration.ofMillis(100)).call(String.class))
			.withMessageContaining("100ms");
		assertThatExceptionOfType(RpcDeadlineExceededException.class)
			.isThrownBy(() -> this.depot.method("hang").timeout(Duration.ofMillis(400)).call(String.class))
			.withMessageContaining("400ms");
	}

	@Test
	void isAnsweredFromMemoryOnlyIfTheCallerSaysThatTheMethodOnlyReads() {
		RpcGenericCall find = this.depot.method("find").arguments("remembered");
		int before = this.provider.entered.get();

		find.call(String.class);
		find.call(String.class);
		assertThat(this.provider.entered).hasValue(before + 2);
		find.idempotency(Idempotency.SAFE).call(String.class);
		find.idempotency(Idempotency.SAFE).call(String.class);
		assertThat(find.idempotency(Idempotency.SAFE).call(Object.class)).isEqualTo("found remembered");

		assertThat(this.provider.entered).hasValue(before + 3);
	}

	@Test
	void endsTheExchangeWhenItsFutureIsCancelled() {
		int before = this.provider.entered.get();
		var hanging = this.depot.method("hang").timeout(Duration.ofSeconds(20)).callAsync(String.class);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.provider.entered.get() > before);

		hanging.cancel(true);

		await().atMost(Duration.ofSeconds(10)).until(() -> Pools.leased(this.consuming) == 0);
	}

	@Test
	void refusesNamesThatTheWireDoesNotAllow() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.consumer.client.generic("depot", "a/../b"))
			.withMessageContaining("'a/../b' cannot be the name of a service");
		assertThatIllegalArgumentException().isThrownBy(() -> this.depot.method("rpc.discover"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.depot.method(""));
		assertThatIllegalArgumentException().isThrownBy(() -> this.depot.method("m".repeat(257)));
		assertThatExceptionOfType(RpcRemoteException.class)
			.isThrownBy(() -> this.depot.method("größe \"\n").call(Object.class))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("METHOD_NOT_FOUND"));
	}

	@Test
	void refusesTypesThatContractsRefuse() {
		assertThatExceptionOfType(RpcConfigurationException.class)
			.isThrownBy(() -> this.depot.method("find").arguments("a").call(File.class))
			.withMessageContaining("must not cross the wire");
		assertThatExceptionOfType(RpcConfigurationException.class).isThrownBy(
				() -> this.depot.method("find").arguments("a").call(new ParameterizedTypeReference<List<Class<?>>>() {
				}));
	}

	@Test
	void saysWhichArgumentCannotBeEncoded() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.depot.method("find").arguments("a", Double.NaN).call(String.class))
			.withMessage("Argument 2 of Depot/find, of type java.lang.Double, cannot be encoded");
		Map<String, Object> named = new HashMap<>();
		named.put("sku", Double.NaN);
		assertThat(this.depot.method("find").named(named).callAsync(String.class)).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withMessageContaining("Argument 'sku' of Depot/find, of type java.lang.Double, cannot be encoded");
	}

}
