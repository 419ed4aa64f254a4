package dev.rpcboot.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.server.RpcServerInterceptor;
import dev.rpcboot.server.RpcService;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Calls that travel together: each is as if it had travelled alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class CoalescedCallTests {

	private static final int CALLERS = 16;

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

	private ConfigurableApplicationContext provider;

	private ConfigurableApplicationContext consumer;

	private Turnstile turnstile;

	CoalescedCallTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeAll
	void start() {
		this.provider = this.applications.provider(this.stack, TurnstileProvider.class,
				// on a busy machine, before the code is compiled
				"rpc.server.batch.coalescing-threshold=500us", "management.tracing.sampling.probability=1");
		this.consumer = this.applications.consumer(Consumer.class, "rpc.client.timeout=20s",
				"rpc.client.targets.turnstile.methods.Turnstile.hang.timeout=500ms",
				"management.tracing.sampling.probability=1",
				"rpc.client.targets.turnstile.url=" + Applications.url(this.provider));
		this.turnstile = this.consumer.getBean(RpcClient.class).reference(Turnstile.class, "turnstile");
	}

	@BeforeEach
	void forget() {
		together().clear();
	}

	@AfterAll
	void stop() {
		this.callers.shutdownNow();
		this.applications.close();
	}

	@Test
	void eachCallerGetsItsOwnResult() throws Exception {
		untilTogether(() -> all((caller, call) -> {
			String name = caller + "-" + call;
			assertThat(this.turnstile.pass(name)).isEqualTo(name + " passed");
			return null;
		}));
	}

	@Test
	void eachAsynchronousCallerGetsItsOwnResult() throws Exception {
		untilTogether(() -> {
			List<CompletableFuture<String>> results = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				results.add(this.turnstile.passLater("n" + i));
			}
			for (int i = 0; i < results.size(); i++) {
				assertThat(results.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("n" + i + " passed");
			}
			return null;
		});
	}

	@Test
	void eachCallerGetsItsOwnException() throws Exception {
		untilTogether(() -> all((caller, call) -> {
			String name = caller + "-" + call;
			Throwable thrown = catchThrowable(
					() -> assertThat(this.turnstile.check(name, call % 2 == 0)).isEqualTo(name));
			if (call % 2 == 0) {
				assertThat(thrown).isInstanceOfSatisfying(TurnedAwayException.class,
						(ex) -> assertThat(ex.name()).isEqualTo(name));
			}
			else {
				assertThat(thrown).isNull();
			}
			return null;
		}));
	}

	@Test
	void eachCallIsInTheTraceOfItsCaller() throws Exception {
		ObservationRegistry registry = this.consumer.getBean(ObservationRegistry.class);

		untilTogether(() -> all((caller, call) -> Observation.createNotStarted("test", registry)
			.observe(() -> this.turnstile.pass(caller + "-" + call))));

		Map<String, String> traces = spans(this.consumer).stream()
			.filter((span) -> span.getKind() == SpanKind.CLIENT)
			.collect(Collectors.toMap(SpanData::getSpanId, SpanData::getTraceId, (one, same) -> one));
		List<SpanData> served = spans(this.provider).stream()
			.filter((span) -> span.getName().equals("Turnstile/pass") && together().contains(span.getTraceId()))
			.toList();
		assertThat(served).isNotEmpty()
			.allSatisfy((span) -> assertThat(traces).containsEntry(span.getParentSpanId(), span.getTraceId()));
	}

	@Test
	void eachCallBringsTheMetadataOfItsCaller() throws Exception {
		untilTogether(() -> all((caller, call) -> RpcMetadata.of("tenant", "t" + caller % 2).call(() -> {
			assertThat(this.turnstile.tenant()).isEqualTo("t" + caller % 2);
			return null;
		})));
	}

	@Test
	void aMethodThatIsSometimesSlowHoldsUpNobody() throws Exception {
		AtomicInteger number = new AtomicInteger();
		all((caller, call) -> this.turnstile.dawdle(number.getAndIncrement() % 20 == 0 ? 10 : 0));
		together().clear();

		all((caller, call) -> this.turnstile.dawdle(number.getAndIncrement() % 20 == 0 ? 10 : 0));

		assertThat(together()).isEmpty();
	}

	@Test
	void aCallThatHangsAmongOthersHoldsUpThoseAlone() throws Exception {
		untilTogether(() -> all((caller, call) -> this.turnstile.dawdle(0)));
		AtomicInteger heldUp = new AtomicInteger();

		all((caller, call) -> {
			int millis = (caller == 0 && call == 25) ? 1_000 : 0;
			long begin = System.nanoTime();
			assertThat(this.turnstile.dawdle(millis)).isEqualTo(millis);
			if (System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(900)) {
				heldUp.incrementAndGet();
			}
			return null;
		});

		// of 800; each of the callers has one call at a time
		assertThat(heldUp).hasValueBetween(1, CALLERS);
	}

	@Test
	void aCallThatHangsEndsAtItsDeadlineAndTheOthersGoOn() throws Exception {
		untilTogether(() -> all((caller, call) -> this.turnstile.pass("warm")));
		List<Future<?>> hanging = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			hanging.add(this.callers.submit(() -> this.turnstile.hang()));
		}

		for (int i = 0; i < 100; i++) {
			assertThat(this.turnstile.pass("n" + i)).isEqualTo("n" + i + " passed");
		}

		for (Future<?> one : hanging) {
			assertThat(catchThrowable(() -> one.get(20, TimeUnit.SECONDS)))
				.hasCauseInstanceOf(RpcDeadlineExceededException.class);
		}
	}

	private Set<String> together() {
		return this.provider.getBean(Interceptions.class).together;
	}

	/** Repeats it until some of the calls have travelled together. */
	private void untilTogether(Callable<?> calls) {
		await().atMost(Duration.ofSeconds(60)).until(() -> {
			calls.call();
			return !together().isEmpty();
		});
	}

	private Object all(Action action) throws Exception {
		List<Future<Object>> done = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			int caller = i;
			done.add(this.callers.submit(() -> {
				for (int call = 0; call < 50; call++) {
					action.call(caller, call);
				}
				return null;
			}));
		}
		for (Future<Object> one : done) {
			one.get(60, TimeUnit.SECONDS);
		}
		return null;
	}

	private static List<SpanData> spans(ConfigurableApplicationContext context) {
		return context.getBean(InMemorySpanExporter.class).getFinishedSpanItems();
	}

	private interface Action {

		Object call(int caller, int call) throws Exception;

	}

	@RpcContract("Turnstile")
	interface Turnstile {

		String pass(String name);

		CompletableFuture<String> passLater(String name);

		String check(String name, boolean turnAway) throws TurnedAwayException;

		String tenant();

		int dawdle(int millis) throws InterruptedException;

		String hang() throws InterruptedException;

	}

	static class TurnedAwayException extends Exception {

		private static final long serialVersionUID = 1L;

		private final String name;

		public TurnedAwayException(String name) {
			super(name + " may not pass");
			this.name = name;
		}

		public String name() {
			return this.name;
		}

	}

	@Import(TracingTests.Spans.class)
	@RpcService
	@EnableAutoConfiguration
	static class TurnstileProvider implements Turnstile {

		@Override
		public String pass(String name) {
			return name + " passed";
		}

		@Override
		public CompletableFuture<String> passLater(String name) {
			return CompletableFuture.completedFuture(name + " passed");
		}

		@Override
		public String check(String name, boolean turnAway) throws TurnedAwayException {
			if (turnAway) {
				throw new TurnedAwayException(name);
			}
			return name;
		}

		@Override
		public String tenant() {
			return Objects.requireNonNull(InboundCall.current()).metadata().get("tenant");
		}

		@Override
		public int dawdle(int millis) throws InterruptedException {
			if (millis > 0) {
				Thread.sleep(millis);
			}
			return millis;
		}

		@Override
		public String hang() throws InterruptedException {
			Thread.sleep(20_000);
			return "too late";
		}

		@Bean
		Interceptions interceptions() {
			return new Interceptions();
		}

		@Bean
		RpcServerInterceptor intercepting(Interceptions interceptions) {
			return (invocation, chain) -> {
				if (!"1".equals(invocation.headers().first("Rpc-Coalesced"))) {
					String trace = invocation.headers().first("traceparent");
					interceptions.together.add((trace != null) ? trace.split("-")[1] : "none");
				}
				return chain.proceed(invocation);
			};
		}

	}

	/** The traces of calls that have come with others. */
	static class Interceptions {

		final Set<String> together = ConcurrentHashMap.newKeySet();

	}

	@EnableAutoConfiguration
	@Import(TracingTests.Spans.class)
	@Configuration(proxyBeanMethods = false)
	static class Consumer {

	}

}
