package dev.rpcboot.server;

import java.util.Iterator;
import java.util.Spliterators;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolder;

@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class FeedsApplication {

	@Bean
	@RpcService
	FeedsBean feeds() {
		return new FeedsBean();
	}

	static class FeedsBean implements Feeds {

		final AtomicInteger produced = new AtomicInteger();

		final AtomicInteger entered = new AtomicInteger();

		final AtomicInteger open = new AtomicInteger();

		volatile Semaphore gate = new Semaphore(0);

		volatile CountDownLatch closed = new CountDownLatch(1);

		void reset() {
			this.produced.set(0);
			this.entered.set(0);
			this.open.set(0);
			this.gate = new Semaphore(0);
			this.closed = new CountDownLatch(1);
		}

		@Override
		public Flux<Item> flux(Plan plan) {
			this.entered.incrementAndGet();
			this.open.incrementAndGet();
			Semaphore gate = this.gate;
			if (plan.count() < 0) {
				return Flux.<Item>never().doFinally((signal) -> close());
			}
			return Flux.range(0, plan.count()).concatMap((number) -> {
				if (!plan.gated() || number == 0) {
					return Mono.fromCallable(() -> item(number, plan));
				}
				return Mono.fromCallable(() -> {
					gate.acquire();
					return item(number, plan);
				}).subscribeOn(Schedulers.boundedElastic());
			}, 1).doFinally((signal) -> close());
		}

		@Override
		public Stream<Item> stream(Plan plan) {
			Iterator<Item> items = iterator(plan);
			return StreamSupport.stream(Spliterators.spliteratorUnknownSize(items, 0), false).onClose(this::close);
		}

		@Override
		public Iterator<Item> iterator(Plan plan) {
			this.entered.incrementAndGet();
			this.open.incrementAndGet();
			return new Items(plan);
		}

		private Item item(int number, Plan plan) {
			if (number == plan.failAt()) {
				throw new SoldOutException(number);
			}
			this.produced.incrementAndGet();
			return new Item(number, "x".repeat((number > 0) ? plan.size() : Math.abs(plan.size())));
		}

		private void close() {
			this.open.decrementAndGet();
			this.closed.countDown();
		}

		@Override
		public Flux<String> fluxCaller() {
			return Flux.just(1, 2)
				.concatMap((number) -> ReactiveSecurityContextHolder.getContext()
					.map((context) -> context.getAuthentication().getName()));
		}

		@Override
		public Stream<String> streamCaller() {
			return Stream.of(1, 2).map((number) -> SecurityContextHolder.getContext().getAuthentication().getName());
		}

		@Override
		public String plain() {
			return "plain";
		}

		private final class Items implements Iterator<Item>, AutoCloseable {

			private final Plan plan;

			private final Semaphore gate = FeedsBean.this.gate;

			private int next;

			Items(Plan plan) {
				this.plan = plan;
			}

			@Override
			public boolean hasNext() {
				boolean more = this.next > 0 && this.next < this.plan.count();
				if (this.plan.gated() && (more || this.plan.count() < 0)) {
					try {
						this.gate.acquire();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
						throw new IllegalStateException("interrupted", ex);
					}
				}
				return this.next < this.plan.count();
			}

			@Override
			public Item next() {
				return item(this.next++, this.plan);
			}

			@Override
			public void close() {
				FeedsBean.this.close();
			}

		}

	}

}
