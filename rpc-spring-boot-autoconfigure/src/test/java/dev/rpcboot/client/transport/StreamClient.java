package dev.rpcboot.client.transport;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.client.CallExecutor;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcTransport;
import dev.rpcboot.client.TestRequests;
import dev.rpcboot.client.interceptor.CacheInterceptor;
import dev.rpcboot.client.interceptor.CircuitBreakerInterceptor;
import dev.rpcboot.client.interceptor.DeadlineInterceptor;
import dev.rpcboot.client.interceptor.Alternatives;
import dev.rpcboot.client.interceptor.RetryInterceptor;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import dev.rpcboot.client.transport.HttpTransport.ForBlocking;
import org.apache.hc.core5.pool.PoolStats;
import reactor.core.publisher.Flux;

import org.springframework.util.unit.DataSize;

import static org.awaitility.Awaitility.await;

/**
 * A whole client, for calls that are answered item by item.
 */
final class StreamClient implements AutoCloseable {

	static final Duration LONG = Duration.ofSeconds(20);

	static final Duration SHORT = Duration.ofMillis(300);

	final CallTimer timer = new CallTimer();

	final CallExecutor executor = new CallExecutor();

	final HttpTransport transport = new HttpTransport((bundle) -> {
		throw new AssertionError("No bundles here");
	}, ForBlocking.HTTP_COMPONENTS);

	final List<RpcClientInterceptor> stages = new ArrayList<>();

	final CircuitBreaker breaker;

	Duration timeout = LONG;

	Duration idleTimeout = LONG;

	DataSize maxAnswerSize = DataSize.ofMegabytes(16);

	CallSettings.Cache cache;

	Object fallback;

	StreamClient() {
		CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
		this.breaker = breakers.circuitBreaker("warehouse");
		this.stages.addAll(List.of(new DeadlineInterceptor(this.timer),
				new CacheInterceptor(10, this.timer, this.executor.executor()),
				new CircuitBreakerInterceptor(breakers, Alternatives.NONE),
				new RetryInterceptor(this.timer, Alternatives.NONE), new TargetInterceptor(null)));
	}

	Shop at(RawServer server) {
		return at(server.uri());
	}

	Shop at(URI uri) {
		RpcTransport.Settings transport = new RpcTransport.Settings(Duration.ofSeconds(1), 64, Duration.ofSeconds(10),
				this.maxAnswerSize, null);
		return new RpcClient(TestRequests.MAPPER, this.transport, () -> this.stages,
				(target, method) -> new CallSettings(this.timeout, 3, this.cache,
						TestRequests.SETTINGS.circuitBreaker(), URI.create("http://" + uri.getAuthority()), "/rpc",
						transport, this.idleTimeout, CallSettings.Compression.NONE, false, Resilience.DEFAULTS),
				(type, target) -> this.fallback, this.executor.executor(), this.timer)
			.reference(Shop.class, "warehouse");
	}

	/** Waits until no connection is in use. */
	void awaitNothingLeased() {
		await().atMost(Duration.ofSeconds(10))
			.until(() -> this.transport.stats().stream().mapToInt(PoolStats::getLeased).sum() == 0);
	}

	@Override
	public void close() throws Exception {
		this.transport.close();
		this.timer.close();
		this.executor.close();
	}

	/** A contract, each of whose methods is answered item by item. */
	interface Shop {

		@RpcMethod(idempotency = Idempotency.SAFE)
		Flux<String> flux();

		@RpcMethod(idempotency = Idempotency.SAFE)
		Stream<String> stream() throws SoldOutException;

		@RpcMethod(idempotency = Idempotency.SAFE)
		Iterator<String> iterator() throws SoldOutException;

		Iterator<Integer> numbers();

	}

	/** A checked exception of the contract. */
	public static class SoldOutException extends Exception {

		private static final long serialVersionUID = 1L;

		public SoldOutException(String message) {
			super(message);
		}

	}

}
