package dev.rpcboot.calls;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.rpcboot.call.InboundCall;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.RpcService;
import dev.rpcboot.server.interceptor.ServedCall;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Serves the ledger, in which every entry waits for the release.
 */
@RpcService(Ledger.class)
@EnableAutoConfiguration
class LedgerProvider implements Ledger {

	final List<String> begun = new CopyOnWriteArrayList<>();

	final List<String> posted = new CopyOnWriteArrayList<>();

	final AtomicInteger running = new AtomicInteger();

	final AtomicInteger mostRunning = new AtomicInteger();

	final List<String> failures = new CopyOnWriteArrayList<>();

	final CompletableFuture<Void> unheld = new CompletableFuture<>();

	volatile CountDownLatch release = new CountDownLatch(1);

	volatile Duration timeLeft = Duration.ZERO;

	volatile String thread = "";

	/** What meters see. */
	@Bean
	ObservationHandler<Observation.Context> failedCalls() {
		return new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				JsonRpcError error = ((ServedCall) context).error();
				if (error != null) {
					LedgerProvider.this.failures.add(((ServedCall) context).method() + " " + error.status());
				}
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof ServedCall;
			}

		};
	}

	@Override
	public void post(String entry) {
		this.timeLeft = InboundCall.current().deadline().remaining();
		this.thread = Thread.currentThread().getName();
		this.mostRunning.accumulateAndGet(this.running.incrementAndGet(), Math::max);
		this.begun.add(entry);
		try {
			if (this.release.await(30, TimeUnit.SECONDS)) {
				this.posted.add(entry);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.running.decrementAndGet();
		}
	}

	@Override
	public Mono<Void> postLater(String entry) {
		this.begun.add(entry);
		return Mono.delay(Duration.ofMillis(500)).doOnNext((tick) -> this.posted.add(entry)).then();
	}

	@Override
	public CompletableFuture<Void> hold(String entry) {
		this.begun.add(entry);
		return this.unheld.thenRun(() -> this.posted.add(entry));
	}

	@Override
	public void fail(String entry) {
		this.begun.add(entry);
		throw new IllegalStateException("the ledger is closed");
	}

}
