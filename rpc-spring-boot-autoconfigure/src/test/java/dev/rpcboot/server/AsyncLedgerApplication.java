package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A ledger in memory, which posts when it is told to.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class AsyncLedgerApplication {

	@Bean
	@RpcService(Ledger.Async.class)
	AsyncLedger ledger() {
		return new AsyncLedger();
	}

	static class AsyncLedger implements Ledger.Async {

		final Semaphore entered = new Semaphore(0);

		final ConcurrentLinkedQueue<CompletableFuture<String>> posting = new ConcurrentLinkedQueue<>();

		@Override
		public CompletableFuture<String> post(String account) {
			return begin();
		}

		@Override
		public Mono<String> postReactively(String account) {
			return Mono.defer(() -> Mono.fromFuture(begin()));
		}

		@Override
		public CompletableFuture<String> refuse(String account) throws Ledger.ClosedException {
			return begin();
		}

		@Override
		public CompletableFuture<Ledger.Receipt> postUnreadably(String account) {
			return begin().thenApply(Ledger.Receipt::new);
		}

		private CompletableFuture<String> begin() {
			CompletableFuture<String> posted = new CompletableFuture<>();
			this.posting.add(posted);
			this.entered.release();
			return posted;
		}

	}

}
