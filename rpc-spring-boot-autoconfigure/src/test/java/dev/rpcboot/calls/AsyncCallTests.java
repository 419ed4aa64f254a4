package dev.rpcboot.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.calls.Kiosk.SoldOutException;
import dev.rpcboot.client.RpcClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Calls that nobody waits for on a thread, whatever the provider's contract returns.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class AsyncCallTests {

	private static final int MANY = 1000;

	private static final Duration SOON = Duration.ofSeconds(20);

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private KioskProviders.Plain plain;

	private ConfigurableApplicationContext consumer;

	private RpcClient client;

	AsyncCallTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeAll
	void start() {
		Map<String, Class<?>> providers = new LinkedHashMap<>();
		providers.put("plain", KioskProviders.Plain.class);
		providers.put("later", KioskProviders.Later.class);
		providers.put("reactive", KioskProviders.Reactive.class);
		List<String> properties = new ArrayList<>(
				List.of("rpc.client.timeout=20s", "rpc.client.connect-timeout=10s", "rpc.client.retry.max-attempts=1"));
		providers.forEach((name, source) -> {
			ConfigurableApplicationContext provider = this.applications.provider(this.stack, source,
					"server.tomcat.accept-count=1000", "server.shutdown=immediate");
			if (name.equals("plain")) {
				this.plain = provider.getBean(KioskProviders.Plain.class);
			}
			String url = Applications.url(provider);
			properties.add("rpc.client.targets." + name + ".url=" + url);
			properties.add("rpc.client.targets." + name + "-wide.url=" + url);
			properties.add("rpc.client.targets." + name + "-wide.max-connections=" + MANY);
			properties.add("rpc.client.targets." + name + "-hasty.url=" + url);
			properties.add("rpc.client.targets." + name + "-hasty.timeout=300ms");
			properties.add("rpc.client.targets." + name + "-broken.url=" + url);
			properties.add("rpc.client.targets." + name + "-broken.circuit-breaker.minimum-number-of-calls=5");
			properties.add("rpc.client.targets." + name + "-broken.circuit-breaker.sliding-window-size=5");
		});
		this.consumer = this.applications.consumer(Consumer.class, properties.toArray(String[]::new));
		this.client = this.consumer.getBean(RpcClient.class);
	}

	@AfterAll
	void stop() {
		this.plain.release.countDown();
		this.applications.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "later", "reactive" })
	void aConsumerOfEveryFormCallsAProviderOfEveryForm(String provider) throws Exception {
		Kiosk.Plain plain = this.client.reference(Kiosk.Plain.class, provider);
		Kiosk.Later later = this.client.reference(Kiosk.Later.class, provider);
		Kiosk.Reactive reactive = this.client.reference(Kiosk.Reactive.class, provider);

		assertThat(plain.read("news")).isEqualTo("read news");
		assertThat(later.read("news")).succeedsWithin(SOON).isEqualTo("read news");
		assertThat(reactive.read("news").block(SOON)).isEqualTo("read news");
		assertThat(plain.titles(2)).containsExactly("title 0", "title 1");
		assertThat(later.titles(2)).succeedsWithin(SOON).isEqualTo(List.of("title 0", "title 1"));
		assertThat(reactive.titles(2).collectList().block(SOON)).containsExactly("title 0", "title 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "later", "reactive" })
	void theContractsExceptionsComeThroughAllOfThem(String provider) throws Exception {
		assertThatExceptionOfType(SoldOutException.class)
			.isThrownBy(() -> this.client.reference(Kiosk.Plain.class, provider).read("rare"))
			.returns("rare", SoldOutException::title);
		assertThat(failure(this.client.reference(Kiosk.Later.class, provider).read("rare")))
			.isInstanceOfSatisfying(SoldOutException.class, (ex) -> assertThat(ex.title()).isEqualTo("rare"));
		assertThat(failure(this.client.reference(Kiosk.Reactive.class, provider).read("rare").toFuture()))
			.isInstanceOfSatisfying(SoldOutException.class, (ex) -> assertThat(ex.title()).isEqualTo("rare"));
		assertThat(failure(this.client.reference(Kiosk.Later.class, provider).fail()))
			.isInstanceOfSatisfying(RpcRemoteException.class, (ex) -> {
				assertThat(ex.reason()).isEqualTo("INTERNAL");
				assertThat(ex.getMessage()).doesNotContain("secret");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "later", "reactive" })
	void aThousandCallsAreUnderWayWithoutAThreadForEach(String provider) {
		Kiosk.Later later = this.client.reference(Kiosk.Later.class, provider + "-wide");
		Kiosk.Reactive reactive = this.client.reference(Kiosk.Reactive.class, provider + "-wide");
		assertThat(later.meet(1)).succeedsWithin(SOON);
		int before = threadsOfTheClient();

		List<CompletableFuture<Integer>> calls = new ArrayList<>();
		for (int i = 0; i < MANY - 1; i++) {
			calls.add((i % 2 == 0) ? later.meet(MANY) : reactive.meet(MANY).toFuture());
		}
		// none has a result before the last one is there
		await().atMost(SOON).until(() -> Pools.open(this.consumer) >= MANY - 1);
		int during = threadsOfTheClient();
		assertThat(calls).noneMatch(CompletableFuture::isDone);
		calls.add(later.meet(MANY));

		for (CompletableFuture<Integer> call : calls) {
			assertThat(call).succeedsWithin(SOON).isEqualTo(MANY);
		}
		assertThat(during).isLessThan(before + 50);
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "later", "reactive" })
	void aThousandCallsShareFewConnections(String provider) throws Exception {
		Kiosk.Later later = this.client.reference(Kiosk.Later.class, provider);
		List<CompletableFuture<String>> calls = new ArrayList<>();

		for (int i = 0; i < MANY; i++) {
			calls.add(later.read("issue " + i));
		}

		for (int i = 0; i < MANY; i++) {
			assertThat(calls.get(i)).succeedsWithin(SOON).isEqualTo("read issue " + i);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "later", "reactive" })
	void theDeadlineEndsThem(String provider) {
		Kiosk.Later later = this.client.reference(Kiosk.Later.class, provider + "-hasty");
		Kiosk.Reactive reactive = this.client.reference(Kiosk.Reactive.class, provider + "-hasty");

		for (CompletableFuture<String> call : List.of(later.hang(), reactive.hang().toFuture())) {
			assertThat(failure(call)).isInstanceOfSatisfying(RpcDeadlineExceededException.class, (ex) -> {
				assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN);
				// whichever end notices it first
				assertThat(ex).hasMessageContaining("Kiosk/hang on " + provider);
			});
		}
	}

	@Test
	void theBreakerCountsTheirFailuresAndRefusesThem() {
		Kiosk.Later later = this.client.reference(Kiosk.Later.class, "later-broken");
		Kiosk.Reactive reactive = this.client.reference(Kiosk.Reactive.class, "later-broken");

		for (int i = 0; i < 5; i++) {
			assertThat(failure((i % 2 == 0) ? later.fail() : reactive.fail().toFuture()))
				.isInstanceOf(RpcRemoteException.class);
		}

		for (CompletableFuture<String> call : List.of(later.fail(), reactive.fail().toFuture())) {
			assertThat(failure(call)).isInstanceOfSatisfying(RpcUnavailableException.class, (ex) -> {
				assertThat(ex.reason()).isEqualTo(Reason.CIRCUIT_OPEN);
				assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED);
			});
		}
	}

	private static Throwable failure(CompletableFuture<?> call) {
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		call.whenComplete((result, ex) -> failure.complete(ex));
		assertThat(failure).succeedsWithin(SOON);
		return failure.join();
	}

	/** All but those of the providers in this process. */
	private static int threadsOfTheClient() {
		return (int) Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().matches("(http-nio|reactor-http|rpc-server|rpc-stream).*"))
			.count();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

	}

}
