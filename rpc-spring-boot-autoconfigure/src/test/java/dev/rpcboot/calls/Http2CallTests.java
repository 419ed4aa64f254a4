package dev.rpcboot.calls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.transport.Keys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls of consumers that do not wait, over HTTP/2, whatever web stack the provider runs
 * on.
 */
@Timeout(120)
abstract class Http2CallTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final int MANY = 64;

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private WorkshopProvider.Bench bench;

	private CuttableConnections connections;

	private ConfigurableApplicationContext consuming;

	private RpcClient client;

	private Workshop.Async workshop;

	Http2CallTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeEach
	void start() throws Exception {
		ConfigurableApplicationContext providing = this.applications.provider(this.stack, WorkshopProvider.class,
				"server.http2.enabled=true", "server.shutdown=immediate");
		this.bench = providing.getBean(WorkshopProvider.Bench.class);
		this.connections = CuttableConnections.to(Applications.url(providing));
		this.consuming = this.applications.consumer(Consumer.class, "rpc.client.timeout=60s", "rpc.client.http2=true",
				"rpc.client.retry.max-attempts=1", "rpc.client.circuit-breaker.enabled=false",
				"rpc.client.targets.workshop.url=" + this.connections.url(),
				"rpc.client.targets.hasty.url=" + this.connections.url(), "rpc.client.targets.hasty.timeout=500ms");
		this.client = this.consuming.getBean(RpcClient.class);
		this.workshop = this.client.reference(Workshop.Async.class, "workshop");
	}

	@AfterEach
	void stop() throws Exception {
		this.bench.release.countDown();
		this.applications.close();
		this.connections.close();
	}

	@Test
	void manyCallsAreUnderWayByOneConnection() {
		List<CompletableFuture<String>> open = new ArrayList<>();
		for (int i = 0; i < MANY - 1; i++) {
			open.add(this.workshop.reactive("job" + i));
		}
		await(() -> this.bench.started.size() == MANY - 1);

		for (int i = 0; i < MANY; i++) {
			assertThat(this.workshop.quick("quick" + i)).succeedsWithin(SOON).isEqualTo("quick" + i);
		}

		assertThat(open).noneMatch(CompletableFuture::isDone);
		assertThat(this.connections.accepted()).isEqualTo(1);
		open.forEach((call) -> call.cancel(true));
	}

	@Test
	void everyCallGetsItsOwnResult() {
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			calls.add(this.workshop.quick("job" + i));
		}

		for (int i = 0; i < calls.size(); i++) {
			assertThat(calls.get(i)).succeedsWithin(SOON).isEqualTo("job" + i);
		}
		assertThat(this.connections.accepted()).isEqualTo(1);
		await(() -> Pools.leased(this.consuming) == 0);
	}

	@Test
	void largeMessagesComeThroughInBothDirections() {
		String large = "x".repeat(700_000);
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			calls.add(this.workshop.quick(i + large));
		}

		for (int i = 0; i < calls.size(); i++) {
			assertThat(calls.get(i)).succeedsWithin(SOON).isEqualTo(i + large);
		}
		assertThat(this.connections.accepted()).isEqualTo(1);
	}

	@Test
	void cancellingACallEndsItsMethodAndNoOther() {
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < MANY; i++) {
			calls.add(this.workshop.reactive("job" + i));
		}
		await(() -> this.bench.started.size() == MANY);

		calls.get(7).cancel(true);

		await(() -> this.bench.cancelled.contains("job7"));
		assertThat(this.workshop.quick("next")).succeedsWithin(SOON).isEqualTo("next");
		assertThat(this.bench.cancelled).hasSize(1);
		assertThat(calls).filteredOn((call) -> !call.isDone()).hasSize(MANY - 1);
		calls.forEach((call) -> call.cancel(true));
		await(() -> this.bench.cancelled.size() == MANY);
	}

	@Test
	void theDeadlineEndsTheMethod() {
		assertThat(this.workshop.quick("first")).succeedsWithin(SOON);

		CompletableFuture<String> call = this.client.reference(Workshop.Async.class, "hasty").reactive("a");

		assertThat(failure(call)).isInstanceOfSatisfying(RpcDeadlineExceededException.class,
				(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
		await(() -> this.bench.cancelled.contains("a"));
	}

	@Test
	void nobodyKnowsOfCallsWhoseConnectionIsLost() throws Exception {
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < MANY; i++) {
			calls.add(this.workshop.reactive("job" + i));
		}
		await(() -> this.bench.started.size() == MANY);

		this.connections.cut(true);

		for (CompletableFuture<String> call : calls) {
			assertThat(failure(call)).isInstanceOfSatisfying(RpcConnectionException.class,
					(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
		}
		assertThat(this.workshop.quick("next")).succeedsWithin(SOON).isEqualTo("next");
		assertThat(this.connections.accepted()).isEqualTo(2);
	}

	@Test
	void itemsOfSeveralStreamsComeBesideEachOther() {
		Workshop streams = this.client.reference(Workshop.class, "workshop");
		CountDownLatch first = new CountDownLatch(1);
		Disposable items = streams.items("a").subscribe((item) -> first.countDown());
		try (Stream<String> pulled = streams.pulled("b")) {
			Iterator<String> iterator = pulled.iterator();
			for (int i = 0; i < 10_000; i++) {
				assertThat(iterator.next()).isEqualTo("b");
			}
			assertThat(this.connections.accepted()).isEqualTo(1);
		}

		await(() -> this.bench.cancelled.contains("b"));
		await(() -> first.getCount() == 0);
		assertThat(this.bench.cancelled).doesNotContain("a");
		items.dispose();
		await(() -> this.bench.cancelled.contains("a"));
	}

	@Test
	void moreLargeMessagesThanTheProviderWorksOnAtATimeComeThrough() {
		String large = "x".repeat(200_000);
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < MANY; i++) {
			calls.add(this.workshop.quick(i + large));
		}

		for (int i = 0; i < MANY; i++) {
			assertThat(calls.get(i)).succeedsWithin(SOON).isEqualTo(i + large);
		}
	}

	@Test
	void whoWaitsForAnAnswerStaysOnHttp1() {
		assertThat(this.workshop.quick("a")).succeedsWithin(SOON);

		assertThat(this.client.reference(Workshop.class, "workshop").quick("b")).isEqualTo("b");

		assertThat(this.connections.accepted()).isEqualTo(2);
	}

	@Test
	void callsDoNotTravelInBatches() {
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			calls.add(this.workshop.quick("job" + i));
		}

		CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();

		assertThat(this.bench.batched).hasValue(0);
	}

	@Test
	void aProviderThatDoesNotSpeakItIsNamedAsSuch() {
		ConfigurableApplicationContext providing = this.applications.provider(this.stack, WorkshopProvider.class);
		Workshop.Async workshop = consumer("rpc.client.targets.workshop.url=" + Applications.url(providing));

		assertThat(failure(workshop.quick("a"))).isInstanceOfSatisfying(RpcUnavailableException.class, (ex) -> {
			assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED);
			assertThat(ex).hasMessageContaining("set server.http2.enabled=true there, or rpc.client.http2=false here");
		});
	}

	@Test
	void theyAgreeOnItWhereTheyEncrypt(@TempDir Path directory) throws Exception {
		Keys.make(directory, "server", "ip:127.0.0.1");
		String store = directory.resolve("server.p12").toUri().toString();
		ConfigurableApplicationContext providing = this.applications.provider(this.stack, WorkshopProvider.class,
				"server.http2.enabled=true", "server.ssl.key-store=" + store, "server.ssl.key-store-password=changeit");
		Workshop.Async workshop = consumer(
				"rpc.client.targets.workshop.url=" + Applications.url(providing).replace("http:", "https:"),
				"rpc.client.targets.workshop.ssl.bundle=trusting",
				"spring.ssl.bundle.jks.trusting.truststore.location=" + store,
				"spring.ssl.bundle.jks.trusting.truststore.password=changeit");
		String large = "x".repeat(200_000);

		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < MANY; i++) {
			calls.add(workshop.quick(i + large));
		}

		for (int i = 0; i < MANY; i++) {
			assertThat(calls.get(i)).succeedsWithin(SOON).isEqualTo(i + large);
		}
	}

	private Workshop.Async consumer(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("rpc.client.http2=true", "rpc.client.timeout=20s", "rpc.client.retry.max-attempts=1"));
		all.addAll(List.of(properties));
		return this.applications.consumer(Consumer.class, all.toArray(String[]::new))
			.getBean(RpcClient.class)
			.reference(Workshop.Async.class, "workshop");
	}

	private static Throwable failure(CompletableFuture<?> call) {
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		call.whenComplete((result, ex) -> failure.complete(ex));
		assertThat(failure).succeedsWithin(SOON);
		return failure.join();
	}

	private static void await(Callable<Boolean> condition) {
		org.awaitility.Awaitility.await().atMost(SOON).until(condition);
	}

	@EnableAutoConfiguration
	static class Consumer {

	}

}
