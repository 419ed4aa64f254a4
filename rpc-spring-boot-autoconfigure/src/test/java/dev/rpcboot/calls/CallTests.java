package dev.rpcboot.calls;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.calls.Warehouse.Colour;
import dev.rpcboot.calls.Warehouse.Everything;
import dev.rpcboot.calls.Warehouse.Item;
import dev.rpcboot.calls.Warehouse.Order;
import dev.rpcboot.calls.Warehouse.OutOfStockException;
import dev.rpcboot.calls.Warehouse.Page;
import dev.rpcboot.calls.Warehouse.UnknownSkuException;
import dev.rpcboot.client.RpcAttemptInterceptor;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What a consumer sees of a provider, whatever web stack the provider runs on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@Tag("smoke")
abstract class CallTests {

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private WarehouseProvider provider;

	private Warehouse warehouse;

	private Recorder recorder;

	CallTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeAll
	void start() {
		ConfigurableApplicationContext providing = this.applications.provider(this.stack, WarehouseProvider.class);
		this.provider = providing.getBean(WarehouseProvider.class);
		ConfigurableApplicationContext consuming = this.applications.consumer(Consumer.class,
				"rpc.client.targets.warehouse.url=" + Applications.url(providing),
				"rpc.client.targets.warehouse.methods.Warehouse.count.cache.ttl=1m",
				"rpc.client.targets.warehouse.methods.Warehouse.count.cache.scope=shared",
				"rpc.client.targets.warehouse.methods.Warehouse.names.cache.ttl=1m",
				"rpc.client.targets.warehouse.methods.Warehouse.names.cache.scope=shared",
				"rpc.client.targets.warehouse.methods.Warehouse.slow.timeout=300ms",
				"rpc.client.targets.warehouse.methods.Warehouse.timeLeft.timeout=2s");
		this.warehouse = consuming.getBean(Consumer.class).warehouse;
		this.recorder = consuming.getBean(Recorder.class);
	}

	@AfterAll
	void stop() {
		this.applications.close();
	}

	@Test
	void returnsAResult() {
		assertThat(this.warehouse.greet("Ada")).isEqualTo("Hello Ada");
	}

	@Test
	void reachesAnOverloadByItsWireName() {
		assertThat(this.warehouse.greet("Dr", "Ada")).isEqualTo("Good day, Dr Ada");
	}

	@Test
	void returnsGenericTypesAsTheContractSaysThem() {
		assertThat(this.warehouse.items(List.of("a", "bb"))).containsExactly(new Item("a", 1), new Item("bb", 2));
		assertThat(this.warehouse.bySku(Map.of("a", 7))).containsExactly(Map.entry("a", new Item("a", 7)));
		assertThat(this.warehouse.page(3))
			.isEqualTo(new Page<>(List.of(new Item("first", 5), new Item("second", 6)), 3, 2));
		assertThat(this.warehouse.find("abc")).isEqualTo(new Item("abc", 3));
	}

	@Test
	void tellsAnEmptyOptionalFromAPresentOne() {
		assertThat(this.warehouse.maybe("")).isEmpty();
		assertThat(this.warehouse.maybe("a")).contains(new Item("a", 1));
	}

	@Test
	void losesNothingOfAnyType() {
		Everything value = new Everything(new BigDecimal("12.30"), Instant.parse("2026-01-02T03:04:05.123456789Z"),
				UUID.randomUUID(), new byte[] { 0, 1, -1 }, Colour.GREEN, Optional.of("note"), Long.MAX_VALUE, 0.1,
				List.of(Map.of(Colour.RED, 1)));

		Everything returned = this.warehouse.everything(value);

		assertThat(returned).usingRecursiveComparison().isEqualTo(value);
		assertThat(returned.price().scale()).isEqualTo(2);
	}

	@Test
	void carriesSealedHierarchiesByTheirLogicalNames() {
		assertThat(this.warehouse.grow(new Warehouse.Circle(2))).isEqualTo(new Warehouse.Circle(4));
		assertThat(this.warehouse.grow(new Warehouse.Square(3))).isEqualTo(new Warehouse.Square(6));
	}

	@Test
	void runsVoidMethodsToTheirEnd() {
		int before = this.provider.executions("touch");

		this.warehouse.touch();

		assertThat(this.provider.executions("touch")).isEqualTo(before + 1);
	}

	@Test
	void runsDefaultMethodsInTheCallersProcess() {
		assertThat(this.warehouse.greetWorld()).isEqualTo("Hello world");
	}

	@Test
	void throwsADeclaredExceptionWithItsProperties() {
		assertThatExceptionOfType(OutOfStockException.class)
			.isThrownBy(() -> this.warehouse.reserve("x1", new Order(6, "Ada")))
			.withMessage("only 5 of x1 left")
			.satisfies((ex) -> {
				assertThat(ex.sku()).isEqualTo("x1");
				assertThat(ex.left()).isEqualTo(5);
			});
		assertThatExceptionOfType(UnknownSkuException.class)
			.isThrownBy(() -> this.warehouse.reserve("unknown", new Order(1, "Ada")))
			.withMessage("nobody knows it");
	}

	@Test
	void learnsNothingOfTheInsideFromAnUndeclaredException() {
		assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(() -> this.warehouse.fail("password"))
			.withMessageContaining("Warehouse/fail on warehouse")
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo("INTERNAL");
				assertThat(ex.execution()).isEqualTo(Execution.EXECUTED);
				assertThat(ex.traceId()).isNotBlank();
				assertThat(ex.getMessage()).doesNotContain("password", "IllegalState");
			});
	}

	@Test
	void refusesInvalidArgumentsBeforeTheMethodIsEntered() {
		int before = this.provider.executions("reserve");

		assertThatExceptionOfType(RpcRemoteException.class)
			.isThrownBy(() -> this.warehouse.reserve("x1", new Order(0, "")))
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo("INVALID_ARGUMENT");
				assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED);
				assertThat(ex.violations()).extracting("path", "rule")
					.containsExactlyInAnyOrder(tuple("order.quantity", "Min"), tuple("order.customer", "NotBlank"));
			});
		assertThat(this.provider.executions("reserve")).isEqualTo(before);
	}

	@Test
	void completesFuturesOnAThreadOfItsOwn() {
		CompletableFuture<String> thread = this.warehouse.later("Ada")
			.thenApply((result) -> result + " on " + Thread.currentThread().getName());

		assertThat(thread).succeedsWithin(Duration.ofSeconds(10)).asString().startsWith("Later Ada on rpc-client-");
	}

	@Test
	void callsOnceForEachSubscription() {
		int before = this.provider.executions("greet");

		assertThat(this.warehouse.reactive("Ada").block(Duration.ofSeconds(10))).isEqualTo("Reactive Ada");
		this.warehouse.reactive("nobody subscribes");
		assertThat(this.provider.executions("greet")).isEqualTo(before);
	}

	@Test
	void endsACallAtItsDeadline() {
		long start = System.nanoTime();

		assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(() -> this.warehouse.slow(3_000))
			.withMessageContaining("Warehouse/slow on warehouse")
			.withMessageContaining("300ms")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	void tellsTheProviderHowMuchTimeIsLeft() {
		assertThat(this.warehouse.timeLeft()).isBetween(1L, 2000L);
	}

	@Test
	void answersFromMemoryWhereConfigured() {
		int before = this.provider.executions("count");

		int first = this.warehouse.count("a");
		int second = this.warehouse.count("a");

		assertThat(second).isEqualTo(first);
		assertThat(this.provider.executions("count")).isEqualTo(before + 1);
	}

	@Test
	void givesEachCallerItsOwnCopyOfWhatCanBeChanged() {
		List<String> first = this.warehouse.names("a");
		first.clear();

		List<String> second = this.warehouse.names("a");

		assertThat(second).containsExactly("one", "two");
		assertThat(this.provider.executions("names")).isEqualTo(1);
	}

	@Test
	void letsIdenticalCallsShareOneExchange() throws Exception {
		int before = this.provider.executions("count");
		CountDownLatch ready = new CountDownLatch(1);
		List<CompletableFuture<Integer>> callers = IntStream.range(0, 16)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> {
				awaitQuietly(ready);
				return this.warehouse.count("shared");
			}, (task) -> new Thread(task).start()))
			.toList();

		ready.countDown();

		for (CompletableFuture<Integer> caller : callers) {
			assertThat(caller).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(before + 1);
		}
		assertThat(this.provider.executions("count")).isEqualTo(before + 1);
	}

	@Test
	void asksInterceptorsInBothSlots() {
		this.recorder.seen.clear();

		this.warehouse.greet("Ada");

		assertThat(this.recorder.seen).containsExactly("call Warehouse/greet",
				"attempt 1 at " + this.recorder.lastAddress);
	}

	@Test
	void answersForItselfWhatEveryObjectAnswers() {
		assertThat(this.warehouse).isEqualTo(this.warehouse).hasToString("RpcReference[Warehouse on warehouse]");
		assertThat(this.warehouse.hashCode()).isEqualTo(this.warehouse.hashCode());
		assertThat(this.warehouse).isNotEqualTo("something else");
	}

	@Test
	void stopsWaitingWhenItsThreadIsInterrupted() throws Exception {
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			try {
				this.warehouse.slow(3_000);
				failure.complete(null);
			}
			catch (Throwable ex) {
				failure.complete(Thread.currentThread().isInterrupted() ? ex : null);
			}
		});
		int before = this.provider.executions("slow");
		caller.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> this.provider.executions("slow") > before);

		caller.interrupt();

		assertThat(failure).succeedsWithin(Duration.ofSeconds(10))
			.isInstanceOfAny(CancellationException.class, RpcDeadlineExceededException.class);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Consumer {

		@RpcReference("warehouse")
		Warehouse warehouse;

		@Bean
		Recorder recorder() {
			return new Recorder();
		}

		@Bean
		RpcClientInterceptor recordingCalls(Recorder recorder) {
			return (request, chain) -> {
				recorder.seen.add("call " + request.method());
				return chain.proceed(request);
			};
		}

		@Bean
		RpcAttemptInterceptor recordingAttempts(Recorder recorder) {
			return (request, chain) -> {
				recorder.lastAddress = request.instance().endpoint().getAuthority();
				recorder.seen.add("attempt " + request.attempt() + " at " + recorder.lastAddress);
				return chain.proceed(request);
			};
		}

	}

	static class Recorder {

		final List<String> seen = new CopyOnWriteArrayList<>();

		volatile String lastAddress;

	}

}
