package dev.rpcboot.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.RpcBatch;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcReference;
import dev.rpcboot.server.ServerState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What calls of every style leave behind that were cancelled, in the consumer and in its
 * providers: nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
abstract class LeftoversTests {

	private static final int CALLS = 10_000;

	private static final int AT_A_TIME = 50;

	/**
	 * Of a kind, because pools grow while they are busy, and shrink after a minute: one
	 * for each call at a time, and one for its cancellation.
	 */
	private static final int MORE_THREADS = 2 * AT_A_TIME;

	/**
	 * Of a class, because one that is used for the first time brings its constants; what
	 * is left of calls is as many as these.
	 */
	private static final int MORE_OBJECTS = 50;

	private static final int STREAMS = 200;

	private static final String CANCELLATION = "dev.rpcboot.server.RunningCalls$Key";

	private static final int CANCELLATIONS = 2_000;

	private static final Duration SOON = Duration.ofSeconds(60);

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private final ExecutorService callers = Executors.newFixedThreadPool(AT_A_TIME);

	private List<ConfigurableApplicationContext> providing;

	private List<WorkshopProvider.Bench> benches;

	private ConfigurableApplicationContext consuming;

	private Consumer consumer;

	private RpcClient client;

	LeftoversTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeAll
	void start() {
		this.providing = Stream.generate(() -> this.applications.provider(this.stack, WorkshopProvider.class,
				"server.shutdown=immediate", "rpc.server.stream.max-concurrent=" + STREAMS))
			.limit(2)
			.toList();
		this.benches = this.providing.stream().map((context) -> context.getBean(WorkshopProvider.Bench.class)).toList();
		String one = Applications.url(this.providing.get(0));
		this.consuming = this.applications.consumer(Consumer.class,
				"spring.cloud.discovery.client.simple.instances.workshops[0].uri=" + one,
				"spring.cloud.discovery.client.simple.instances.workshops[1].uri="
						+ Applications.url(this.providing.get(1)),
				"rpc.client.targets.workshop.url=" + one, "rpc.client.timeout=60s",
				// until then a servlet container does not see a caller leave who waits
				"rpc.client.targets.hasty.url=" + one, "rpc.client.targets.hasty.timeout=1s",
				// a cancellation that finds no connection in time is lost
				"rpc.client.connect-timeout=20s", "rpc.client.circuit-breaker.enabled=false");
		this.consumer = this.consuming.getBean(Consumer.class);
		this.client = this.consuming.getBean(RpcClient.class);
	}

	@AfterAll
	void stop() {
		this.callers.shutdownNow();
		this.applications.close();
	}

	@Test
	void nothingIsLeftOfInterruptedCallers() {
		nothingIsLeftOf(() -> {
			Future<String> call = this.callers.submit(() -> this.consumer.waiting.reactive("job"));
			return () -> call.cancel(true);
		});
	}

	@Test
	void nothingIsLeftOfCancelledFutures() {
		nothingIsLeftOfFutures(() -> this.consumer.async.reactive("job"));
	}

	@Test
	void nothingIsLeftOfDisposedMonos() {
		nothingIsLeftOf(() -> this.consumer.async.future("job").subscribe()::dispose);
	}

	@Test
	void nothingIsLeftOfDisposedFluxes() {
		nothingIsLeftOf(() -> this.consumer.workshop.items("job").subscribe()::dispose);
	}

	@Test
	void nothingIsLeftOfClosedStreams() {
		nothingIsLeftOf(() -> {
			CountDownLatch close = new CountDownLatch(1);
			this.callers.submit(() -> {
				try (Stream<String> items = this.consumer.workshop.pulled("job")) {
					items.iterator().next();
					return close.await(60, TimeUnit.SECONDS);
				}
			});
			return close::countDown;
		});
	}

	@Test
	void nothingIsLeftOfCancelledOneWayCalls() {
		nothingIsLeftOfFutures(() -> this.consumer.async.note("job"));
	}

	@Test
	void nothingIsLeftOfCancelledBatches() {
		nothingIsLeftOfFutures(() -> {
			RpcBatch<Workshop> batch = this.client.batch(Workshop.class, "workshop");
			batch.add((workshop) -> workshop.quick("job"));
			batch.add((workshop) -> workshop.reactive("job"));
			return batch.sendAsync();
		});
	}

	@Test
	void nothingIsLeftOfCancelledBroadcasts() {
		nothingIsLeftOfFutures(() -> this.client.broadcast(Workshop.class, "workshops")
			.policy(BroadcastPolicy.QUORUM)
			.callAsync((workshop) -> workshop.reactive("job")));
	}

	@Test
	void nothingIsLeftOfCancelledGenericCalls() {
		nothingIsLeftOfFutures(() -> this.client.generic("workshop", "Workshop")
			.method("reactive")
			.arguments("job")
			.callAsync(String.class));
	}

	private void nothingIsLeftOfFutures(Supplier<CompletableFuture<?>> style) {
		nothingIsLeftOf(() -> {
			CompletableFuture<?> call = style.get();
			return () -> call.cancel(true);
		});
	}

	/**
	 * Starts calls and cancels them: half of them while their method runs, the others in
	 * whatever state they are.
	 * @param style starts a call, and returns how it is cancelled
	 */
	private void nothingIsLeftOf(Supplier<Runnable> style) {
		cancelMany(style, 10 * AT_A_TIME);
		Map<String, Integer> objects = LiveObjects.count();
		Map<String, Integer> threads = threads();

		cancelMany(style, CALLS);

		await().atMost(SOON).untilAsserted(() -> {
			assertThat(Pools.leased(this.consuming)).isZero();
			assertThat(this.providing).allSatisfy((provider) -> {
				assertThat(ServerState.cancellable(provider)).isZero();
				assertThat(ServerState.freeStreams(provider)).isEqualTo(STREAMS);
			});
			assertThat(busyThreads()).isEmpty();
			Map<String, Integer> grown = grown(LiveObjects.count(), objects, MORE_OBJECTS);
			// those of cancellations that came when their call had ended
			assertThat(grown.getOrDefault(CANCELLATION, 0)).isLessThanOrEqualTo(CANCELLATIONS);
			grown.remove(CANCELLATION);
			assertThat(grown).isEmpty();
		});
		assertThat(grown(threads(), threads, MORE_THREADS)).isEmpty();
	}

	private void cancelMany(Supplier<Runnable> style, int number) {
		for (int done = 0; done < number; done += AT_A_TIME) {
			boolean running = done % (2 * AT_A_TIME) == 0;
			int before = started();
			List<Runnable> cancellations = new ArrayList<>();
			for (int i = 0; i < AT_A_TIME; i++) {
				cancellations.add(style.get());
			}
			if (running) {
				await().pollInterval(Duration.ofMillis(2)).atMost(SOON).until(() -> started() >= before + AT_A_TIME);
			}
			cancellations.forEach(Runnable::run);
		}
		awaitTheirEnd();
	}

	private void awaitTheirEnd() {
		await().pollInterval(Duration.ofMillis(2))
			.atMost(SOON)
			.untilAsserted(() -> assertThat(this.benches).extracting(WorkshopProvider.Bench::open).containsOnly(0));
	}

	private int started() {
		return this.benches.stream().mapToInt((bench) -> bench.startedCount.get()).sum();
	}

	/** What there is more of than before, and more than that is allowed. */
	private static Map<String, Integer> grown(Map<String, Integer> now, Map<String, Integer> before, int allowed) {
		Map<String, Integer> grown = new TreeMap<>();
		now.forEach((name, count) -> {
			int more = count - before.getOrDefault(name, 0);
			if (more > allowed) {
				grown.put(name, more);
			}
		});
		return grown;
	}

	/** How many threads there are, by their names without numbers. */
	private static Map<String, Integer> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.collect(Collectors.toMap((thread) -> thread.getName().replaceAll("\\d+", "*"), (thread) -> 1,
					Integer::sum));
	}

	/** The threads of pools that are still about a call. */
	private static List<String> busyThreads() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().matches("(rpc-(client|server|stream)|http-nio-.+-exec)-\\d+"))
			.filter((thread) -> Arrays.stream(thread.getValue())
				.anyMatch((frame) -> frame.getClassName().startsWith("dev.rpcboot.")))
			.map((thread) -> thread.getKey().getName())
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("workshop")
		Workshop workshop;

		@RpcReference("workshop")
		Workshop.Async async;

		@RpcReference("hasty")
		Workshop.Waiting waiting;

	}

}
