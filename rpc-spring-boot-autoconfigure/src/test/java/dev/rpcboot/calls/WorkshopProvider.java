package dev.rpcboot.calls;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.rpcboot.server.RpcServerInterceptor;
import dev.rpcboot.server.RpcService;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Serves the workshop, and remembers what became of each job.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class WorkshopProvider {

	@Bean
	@RpcService
	Bench bench() {
		return new Bench();
	}

	/** Sees how a call comes, and the thread as it comes back from the method. */
	@Bean
	RpcServerInterceptor watch(Bench bench) {
		return (invocation, chain) -> {
			if (invocation.headers().first("Rpc-Coalesced") != null) {
				bench.batched.incrementAndGet();
			}
			try {
				return chain.proceed(invocation);
			}
			finally {
				if (Thread.currentThread().isInterrupted()) {
					bench.leaked.incrementAndGet();
				}
			}
		};
	}

	static class Bench implements Workshop {

		final Set<String> started = ConcurrentHashMap.newKeySet();

		final Set<String> cancelled = ConcurrentHashMap.newKeySet();

		final Set<String> interrupted = ConcurrentHashMap.newKeySet();

		final List<String> finished = new CopyOnWriteArrayList<>();

		final AtomicInteger startedCount = new AtomicInteger();

		final AtomicInteger cancelledCount = new AtomicInteger();

		final AtomicInteger leaked = new AtomicInteger();

		/** Calls that came with others, or would have if there had been any. */
		final AtomicInteger batched = new AtomicInteger();

		final CountDownLatch release = new CountDownLatch(1);

		@Override
		public Mono<String> reactive(String job) {
			return Mono.<String>never().doOnSubscribe((subscription) -> start(job)).doOnCancel(() -> cancel(job));
		}

		@Override
		public CompletableFuture<String> future(String job) {
			CompletableFuture<String> future = new CompletableFuture<>();
			future.whenComplete((result, failure) -> {
				if (future.isCancelled()) {
					cancel(job);
				}
			});
			start(job);
			return future;
		}

		@Override
		public String interruptible(String job) {
			return work(job);
		}

		@Override
		public String hasty(String job) {
			return work(job);
		}

		@Override
		public String stubborn(String job) {
			return work(job);
		}

		@Override
		public String quick(String job) {
			return job;
		}

		@Override
		public Flux<String> items(String job) {
			return Flux.just(job)
				.concatWith(Flux.never())
				.doOnSubscribe((subscription) -> start(job))
				.doOnCancel(() -> cancel(job));
		}

		@Override
		public Stream<String> pulled(String job) {
			start(job);
			return Stream.generate(() -> job).onClose(() -> cancel(job));
		}

		@Override
		public void note(String job) {
			start(job);
			cancel(job);
		}

		/** How many jobs go on. */
		int open() {
			return this.startedCount.get() - this.cancelledCount.get();
		}

		private String work(String job) {
			start(job);
			try {
				if (!this.release.await(60, TimeUnit.SECONDS)) {
					throw new IllegalStateException(job + " was never released");
				}
				this.finished.add(job);
				return job;
			}
			catch (InterruptedException ex) {
				this.interrupted.add(job);
				Thread.currentThread().interrupt();
				return "interrupted";
			}
		}

		private void start(String job) {
			this.startedCount.incrementAndGet();
			this.started.add(job);
		}

		private void cancel(String job) {
			this.cancelledCount.incrementAndGet();
			this.cancelled.add(job);
		}

	}

}
