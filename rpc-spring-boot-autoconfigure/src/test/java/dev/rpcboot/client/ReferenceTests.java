package dev.rpcboot.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.interceptor.CacheInterceptor;
import dev.rpcboot.client.interceptor.CircuitBreakerInterceptor;
import dev.rpcboot.client.interceptor.DeadlineInterceptor;
import dev.rpcboot.client.interceptor.Alternatives;
import dev.rpcboot.client.interceptor.RetryInterceptor;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * A whole call, of which only the wire is replaced.
 */
@Timeout(30)
class ReferenceTests {

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

	private final CallTimer timer = new CallTimer();

	private final CallExecutor executor = new CallExecutor();

	private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry
		.of(CircuitBreakerConfig.custom().permittedNumberOfCallsInHalfOpenState(1).build());

	private final AtomicInteger sent = new AtomicInteger();

	private Duration timeout = Duration.ofMillis(300);

	private CallSettings.Cache cache;

	private Object fallback;

	@AfterEach
	void stop() throws Exception {
		this.timer.close();
		this.executor.close();
	}

	@Test
	void neverClaimsThatNothingRanWhereASharedExchangeWasSent() {
		this.cache = new CallSettings.Cache(Duration.ofMinutes(1), CallSettings.Scope.SHARED, List.of());
		Stock stock = reference((message, context) -> {
			context.markSent();
			return new CompletableFuture<>();
		});

		assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(() -> stock.find("a"))
			.withMessageContaining("Stock/find on warehouse gave no answer within 300ms (attempt 1 of 3, at ")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
	}

	@Test
	void releasesThePermitOfACallerThatLeavesDuringAPause() throws Exception {
		this.timeout = Duration.ofSeconds(20);
		CountDownLatch refused = new CountDownLatch(1);
		Stock stock = reference((message, context) -> {
			refused.countDown();
			return answer(message, 200, "\"error\":{\"code\":-32008,\"message\":\"Rate limited\","
					+ "\"data\":{\"reason\":\"RATE_LIMITED\",\"executed\":\"no\",\"retryAfterMs\":2000}}");
		});
		CircuitBreaker breaker = this.breakers.circuitBreaker("warehouse");
		breaker.transitionToOpenState();
		breaker.transitionToHalfOpenState();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			try {
				stock.find("a");
			}
			catch (Throwable ex) {
				failure.complete(ex);
			}
		});
		caller.start();
		refused.await();
		assertThat(breaker.tryAcquirePermission()).isFalse();

		caller.interrupt();

		assertThat(failure).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(CancellationException.class);
		await().atMost(Duration.ofSeconds(10)).until(breaker::tryAcquirePermission);
	}

	@Test
	void completesAFutureWhoseFallbackFailsToServe() {
		this.fallback = new Object();
		Stock stock = reference((message, context) -> refused());

		assertThat(stock.later("a")).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void completesAFutureWhenItsThreadsAreGone() throws Exception {
		Stock stock = reference((message, context) -> answer(message, 200, "\"result\":\"late\""));
		this.executor.close();

		assertThat(stock.later("a")).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("late");
	}

	@Test
	void saysSoWhenTheApplicationIsShuttingDown() {
		Stock stock = reference((message, context) -> refused());
		this.timer.close();

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(() -> stock.find("a"))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.SHUT_DOWN));
	}

	@Test
	void doesNotLetTheCallerHangWhenTheTimerStopsDuringTheCall() {
		Stock stock = reference((message, context) -> {
			this.timer.close();
			return new CompletableFuture<>();
		});

		assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(() -> stock.find("a"));
	}

	@Test
	void callsDefaultMethodsOfAContractThatIsNotPublic() {
		Stock stock = reference((message, context) -> answer(message, 200, "\"result\":\"found\""));

		assertThat(stock.findAny()).isEqualTo("found");
	}

	@Test
	void asksTheFallbackOfAContractThatIsNotPublic() {
		this.fallback = new Stock() {

			@Override
			public String find(String sku) {
				return "substitute for " + sku;
			}

			@Override
			public CompletableFuture<String> later(String sku) {
				return CompletableFuture.completedFuture("later substitute");
			}

		};
		Stock stock = reference((message, context) -> refused());

		assertThat(stock.find("a")).isEqualTo("substitute for a");
		assertThat(stock.later("a")).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("later substitute");
	}

	@Test
	void inheritsTheTimeLeftOfTheCallBeingServed() {
		CompletableFuture<String> header = new CompletableFuture<>();
		this.timeout = Duration.ofSeconds(20);
		Stock stock = reference((message, context) -> {
			header.complete(message.headers().first(RpcHeaders.TIMEOUT));
			return answer(message, 200, "\"result\":\"found\"");
		});
		InboundCall previous = InboundCall
			.set(new InboundCall(Deadline.after(Duration.ofSeconds(5), NanoClock.SYSTEM)));

		try {
			stock.find("a");
		}
		finally {
			InboundCall.set(previous);
		}

		assertThat(header).isCompletedWithValueMatching((millis) -> Integer.parseInt(millis) <= 5000);
	}

	@Test
	void carriesTheCallBeingServedToWhatHangsOnAFuture() {
		this.timeout = Duration.ofSeconds(20);
		CompletableFuture<Void> asked = new CompletableFuture<>();
		Stock stock = reference(
				(message, context) -> asked.thenCompose((nothing) -> answer(message, 200, "\"result\":\"found\"")));
		InboundCall inbound = new InboundCall(Deadline.after(Duration.ofSeconds(100), NanoClock.SYSTEM));
		InboundCall previous = InboundCall.set(inbound);
		CompletableFuture<InboundCall> seen;

		try {
			seen = stock.later("a").thenApply((found) -> InboundCall.current());
		}
		finally {
			InboundCall.set(previous);
		}
		asked.complete(null);

		assertThat(seen).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(inbound);
	}

	@Test
	void refusesMoreMetadataThanTheProtocolAllowsBeforeSending() {
		RpcClientInterceptor chatty = (request, chain) -> chain
			.proceed(request.withHeader("Rpc-Meta-Note", "x".repeat(8200)));
		Stock stock = reference((message, context) -> answer(message, 200, "\"result\":\"found\""), chatty);

		assertThatIllegalArgumentException().isThrownBy(() -> stock.find("a")).withMessageContaining("Rpc-Meta-");
		assertThat(this.sent).hasValue(0);
	}

	@Test
	void obeysTheHeaderWhereTheErrorDoesNotSayWhenToComeAgain() {
		Stock stock = reference((message, context) -> (this.sent.get() == 1)
				? answer(message, 429, "\"error\":{\"code\":-32008,\"message\":\"slow down\"}")
				: answer(message, 200, "\"result\":\"found\""));

		assertThat(stock.find("a")).isEqualTo("found");
		assertThat(this.sent).hasValue(2);
	}

	@Test
	void turnsErrorsOfInterceptorsIntoFailuresOfTheCall() {
		RpcClientInterceptor broken = (request, chain) -> {
			throw new NoClassDefFoundError("gone");
		};
		Stock stock = reference((message, context) -> refused(), broken);

		assertThat(stock.later("a")).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(NoClassDefFoundError.class);
	}

	private Stock reference(RpcTransport transport, RpcClientInterceptor... more) {
		List<RpcClientInterceptor> stages = new ArrayList<>(List.of(new DeadlineInterceptor(this.timer),
				new CacheInterceptor(10, this.timer, this.executor.executor()),
				new CircuitBreakerInterceptor(this.breakers, Alternatives.NONE),
				new RetryInterceptor(this.timer, Alternatives.NONE), new TargetInterceptor(null)));
		stages.addAll(List.of(more));
		RpcTransport counting = (message, context) -> {
			this.sent.incrementAndGet();
			return transport.exchange(message, context);
		};
		CallSettingsResolver settings = (target, method) -> new CallSettings(this.timeout, 3,
				(method.idempotency() == Idempotency.SAFE) ? this.cache : null, TestRequests.SETTINGS.circuitBreaker(),
				URI.create("http://127.0.0.1:1"), "/rpc", TestRequests.TRANSPORT, Duration.ofSeconds(30),
				CallSettings.Compression.NONE, false, Resilience.DEFAULTS);
		return new RpcClient(TestRequests.MAPPER, counting, () -> stages, settings, (type, target) -> this.fallback,
				this.executor.executor(), this.timer)
			.reference(Stock.class, "warehouse");
	}

	private static CompletableFuture<RpcTransport.Answer> refused() {
		return CompletableFuture
			.failedFuture(new RpcUnavailableException("refused", Reason.NO_INSTANCE, (Throwable) null));
	}

	private static CompletableFuture<RpcTransport.Answer> answer(RpcTransport.Message message, int status,
			String member) {
		Matcher id = ID.matcher(new String(message.body(), StandardCharsets.UTF_8));
		assertThat(id.find()).isTrue();
		String body = "{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + "," + member + "}";
		RpcHeaders headers = RpcHeaders.EMPTY.with("Content-Type", "application/json").with("Retry-After", "0");
		return CompletableFuture
			.completedFuture(new RpcTransport.Answer(status, headers, body.getBytes(StandardCharsets.UTF_8)));
	}

	interface Stock {

		@RpcMethod(idempotency = Idempotency.SAFE)
		String find(String sku);

		CompletableFuture<String> later(String sku);

		default String findAny() {
			return find("any");
		}

	}

}
