package dev.rpcboot.calls;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.rpcboot.server.RpcService;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * An instance of the depot, with a name of its own.
 */
@RpcService
@EnableAutoConfiguration
class DepotProvider implements Depot {

	final AtomicInteger entered = new AtomicInteger();

	final CountDownLatch released = new CountDownLatch(1);

	private final AtomicInteger meeting = new AtomicInteger();

	@Value("${depot.name:depot}")
	private String name;

	@Value("${depot.broken:false}")
	private boolean broken;

	private void enter() {
		this.entered.incrementAndGet();
		if (this.broken) {
			throw new IllegalStateException("broken");
		}
	}

	@Override
	public String name() {
		enter();
		return this.name;
	}

	@Override
	public String find(String sku) throws MissingException {
		enter();
		if (sku.startsWith("missing")) {
			throw new MissingException(sku);
		}
		return "found " + sku;
	}

	@Override
	public List<String> shelves(int from, int to) {
		return IntStream.range(from, to).mapToObj((number) -> "shelf " + number).toList();
	}

	@Override
	public int add(int one, int other) {
		return one + other;
	}

	@Override
	public void touch(String sku) {
		enter();
	}

	@Override
	public void note(String text) {
		enter();
		if (text.isEmpty()) {
			throw new IllegalArgumentException("nothing to note");
		}
	}

	@Override
	public String fail() {
		throw new IllegalStateException("secret");
	}

	@Override
	public String meet(int callers) {
		this.meeting.incrementAndGet();
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		while (this.meeting.get() < callers) {
			if (System.nanoTime() > until) {
				throw new IllegalStateException("alone");
			}
			Thread.onSpinWait();
		}
		return "met";
	}

	@Override
	public String hang() {
		enter();
		try {
			this.released.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return this.name;
	}

	@Override
	public CompletableFuture<String> later(String sku) {
		return CompletableFuture.supplyAsync(() -> "later " + sku);
	}

	@Override
	public Mono<String> reactive(String sku) {
		return Mono.fromSupplier(() -> "reactive " + sku);
	}

	@Override
	public Mono<String> never() {
		return Mono.never();
	}

	@Override
	public Box pack(Box box) {
		return new Box(box.label() + "!", box.sizes());
	}

}
