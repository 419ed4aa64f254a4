package dev.rpcboot.calls;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.rpcboot.call.InboundCall;
import dev.rpcboot.server.RpcService;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Produces feeds, and counts what it really produces and how each of them ends.
 */
@RpcService
@EnableAutoConfiguration
class FeedProvider implements Feed {

	final AtomicInteger entered = new AtomicInteger();

	final AtomicInteger produced = new AtomicInteger();

	/** Producers that were entered and are not closed. */
	final AtomicInteger open = new AtomicInteger();

	/** Those of type Flux that were cancelled. */
	final AtomicInteger cancelled = new AtomicInteger();

	private volatile CompletableFuture<Void> gate = new CompletableFuture<>();

	void reset() {
		this.gate.complete(null);
		this.gate = new CompletableFuture<>();
		this.entered.set(0);
		this.produced.set(0);
		this.open.set(0);
		this.cancelled.set(0);
	}

	void openGate() {
		this.gate.complete(null);
	}

	private void enter() {
		this.entered.incrementAndGet();
		this.open.incrementAndGet();
	}

	@Override
	public Flux<Reading> flux(Plan plan) {
		enter();
		CompletableFuture<Void> gate = this.gate;
		return Flux.range(0, plan.count())
			.concatMap((number) -> (number < plan.free()) ? reading(number, plan)
					: Mono.fromFuture(gate, true).then(reading(number, plan)), 1)
			.doOnCancel(this.cancelled::incrementAndGet)
			.doFinally((signal) -> this.open.decrementAndGet());
	}

	private Mono<Reading> reading(int number, Plan plan) {
		return Mono.fromCallable(() -> produce(number, plan));
	}

	private Reading produce(int number, Plan plan) throws SoldOutException {
		if (number == plan.failAt() && plan.declared()) {
			throw new SoldOutException("sold out after " + number, number);
		}
		if (number == plan.failAt()) {
			throw new IllegalStateException("secret");
		}
		this.produced.incrementAndGet();
		return new Reading(number, "x".repeat(plan.size()));
	}

	@Override
	public Stream<Reading> stream(Plan plan) {
		Readings readings = new Readings(plan);
		return StreamSupport.stream(Spliterators.spliteratorUnknownSize(readings, 0), false).onClose(readings::close);
	}

	@Override
	public Iterator<Reading> iterator(Plan plan) {
		return new Readings(plan);
	}

	@Override
	public List<Reading> list(Plan plan) throws SoldOutException {
		try (Readings readings = new Readings(plan)) {
			return StreamSupport.stream(Spliterators.spliteratorUnknownSize(readings, 0), false).toList();
		}
	}

	@Override
	public Flux<String> fluxCaller() {
		// with the thread-locals of whoever subscribed, on threads that have none
		return Flux.range(0, 2)
			.publishOn(Schedulers.parallel())
			.handle((number, sink) -> sink.next(caller(InboundCall.current(), SecurityContextHolder.getContext())));
	}

	@Override
	public Stream<String> streamCaller() {
		return IntStream.range(0, 2)
			.mapToObj((number) -> caller(InboundCall.current(), SecurityContextHolder.getContext()));
	}

	@Override
	public Iterator<String> iteratorCaller() {
		return streamCaller().iterator();
	}

	private static String caller(InboundCall call, SecurityContext security) {
		return security.getAuthentication().getName() + " of " + call.metadata().get("tenant");
	}

	private final class Readings implements Iterator<Reading>, AutoCloseable {

		private final Plan plan;

		private final CompletableFuture<Void> gate = FeedProvider.this.gate;

		private int next;

		private boolean closed;

		Readings(Plan plan) {
			this.plan = plan;
			enter();
		}

		@Override
		public boolean hasNext() {
			if (this.next < this.plan.count() && this.next >= this.plan.free()) {
				try {
					this.gate.get();
				}
				catch (InterruptedException | ExecutionException ex) {
					throw new IllegalStateException("Interrupted", ex);
				}
			}
			return this.next < this.plan.count();
		}

		@Override
		public Reading next() {
			try {
				return produce(this.next++, this.plan);
			}
			catch (SoldOutException ex) {
				throw FeedProvider.<RuntimeException>asItIs(ex);
			}
		}

		@Override
		public void close() {
			if (!this.closed) {
				this.closed = true;
				FeedProvider.this.open.decrementAndGet();
			}
		}

	}

	@SuppressWarnings("unchecked")
	private static <X extends Throwable> X asItIs(Throwable failure) throws X {
		throw (X) failure;
	}

}
