package dev.rpcboot.server;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.rpcboot.call.InboundCall;
import dev.rpcboot.server.interceptor.InboundCallAccessor;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class OrdersApplication {

	static final String SECRET = "SELECT secret FROM /home/orders";

	@Bean
	@RpcService
	OrdersBean orders() {
		return new OrdersBean();
	}

	static class OrdersBean implements Orders {

		final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

		final CountDownLatch cancelled = new CountDownLatch(1);

		final CountDownLatch held = new CountDownLatch(1);

		final CountDownLatch left = new CountDownLatch(1);

		final CompletableFuture<String> late = new CompletableFuture<>();

		final CompletableFuture<String> own = new CompletableFuture<>();

		final CompletableFuture<String> shared = new CompletableFuture<>();

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger mostRunning = new AtomicInteger();

		volatile CyclicBarrier barrier = new CyclicBarrier(1);

		@Override
		public String greet(String name) {
			this.events.add("greet " + name);
			return "Hello, " + name;
		}

		@Override
		public int available(String sku) throws UnknownSkuException {
			String message = sku.equals("long") ? "x".repeat(999) + "\ud83d\ude00" : "No such sku";
			throw new UnknownSkuException(message, sku, 7);
		}

		@Override
		public void fail() {
			throw new IllegalStateException(SECRET);
		}

		@Override
		public String place(Order order) {
			this.events.add("place");
			return "placed";
		}

		@Override
		public CompletableFuture<String> later(String what) {
			return CompletableFuture.supplyAsync(() -> {
				if (what.equals("unknown")) {
					throw new CompletionException(new UnknownSkuException("Not there", what, 1));
				}
				return "later " + what;
			});
		}

		@Override
		public CompletableFuture<String> never() {
			return this.own;
		}

		@Override
		public CompletableFuture<String> neverShared() {
			return this.shared.copy();
		}

		@Override
		public CompletionStage<String> failLate() {
			return this.late.minimalCompletionStage();
		}

		@Override
		public Mono<String> reactive(String what) {
			return what.equals("unknown") ? Mono.error(new UnknownSkuException("Not there", what, 1))
					: Mono.just("reactive " + what).publishOn(Schedulers.parallel());
		}

		@Override
		public Mono<String> reactiveNever() {
			return Mono.<String>never().doOnCancel(this.cancelled::countDown);
		}

		@Override
		public Mono<String> reactiveHeld() {
			return Mono.<String>never()
				.doOnSubscribe((subscription) -> this.held.countDown())
				.doOnCancel(this.left::countDown);
		}

		@Override
		public Mono<Long> reactiveTimeLeft() {
			return Mono.deferContextual((context) -> Mono
				.just(context.<InboundCall>get(InboundCallAccessor.KEY).deadline().remaining().toMillis()));
		}

		@Override
		public long timeLeft() {
			InboundCall call = InboundCall.current();
			return (call != null) ? call.deadline().remaining().toMillis() : -1;
		}

		@Override
		public void outlastDeadline() {
			InboundCall call = InboundCall.current();
			while (!call.deadline().isExpired()) {
				LockSupport.parkNanos(call.deadline().remainingNanos() + 1);
			}
		}

		@Override
		public void failAfterDeadline() {
			outlastDeadline();
			throw new IllegalStateException("too late");
		}

		@Override
		public int meet(int index) throws Exception {
			int now = this.running.incrementAndGet();
			this.mostRunning.accumulateAndGet(now, Math::max);
			try {
				this.barrier.await(10, TimeUnit.SECONDS);
			}
			finally {
				this.running.decrementAndGet();
			}
			return index;
		}

		@Override
		public void record(String event) {
			if (event.equals("broken")) {
				throw new IllegalStateException("a notification broke");
			}
			this.events.add(event);
		}

		@Override
		public Object unencodable() {
			return Map.of("self", List.of(new Object() {

				@SuppressWarnings("unused")
				public String getValue() {
					throw new IllegalStateException(SECRET);
				}

			}));
		}

		@Override
		public String large(int size) {
			return "x".repeat(size);
		}

	}

}
