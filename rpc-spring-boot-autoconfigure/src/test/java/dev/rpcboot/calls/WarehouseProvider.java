package dev.rpcboot.calls;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.rpcboot.call.InboundCall;
import dev.rpcboot.server.RpcService;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * Serves the warehouse and counts what it really executed.
 */
@RpcService
@EnableAutoConfiguration
class WarehouseProvider implements Warehouse {

	final Map<String, AtomicInteger> executions = new ConcurrentHashMap<>();

	private void execute(String method) {
		this.executions.computeIfAbsent(method, (key) -> new AtomicInteger()).incrementAndGet();
	}

	int executions(String method) {
		return this.executions.getOrDefault(method, new AtomicInteger()).get();
	}

	@Override
	public int executed(String method) {
		return executions(method);
	}

	@Override
	public Item find(String key) {
		return new Item(key, key.length());
	}

	@Override
	public String greet(String name) {
		execute("greet");
		return "Hello " + name;
	}

	@Override
	public String greet(String title, String name) {
		return "Good day, " + title + " " + name;
	}

	@Override
	public List<Item> items(List<String> skus) {
		return skus.stream().map(this::find).toList();
	}

	@Override
	public Map<String, Item> bySku(Map<String, Integer> wanted) {
		return wanted.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (entry) -> new Item(entry.getKey(), entry.getValue())));
	}

	@Override
	public Optional<Item> maybe(String sku) {
		return sku.isEmpty() ? Optional.empty() : Optional.of(find(sku));
	}

	@Override
	public Page<Item> page(int number) {
		return new Page<>(List.of(find("first"), find("second")), number, 2);
	}

	@Override
	public Everything everything(Everything value) {
		return value;
	}

	@Override
	public Shape grow(Shape shape) {
		if (shape instanceof Circle circle) {
			return new Circle(circle.radius() * 2);
		}
		return new Square(((Square) shape).side() * 2);
	}

	@Override
	public void touch() {
		execute("touch");
	}

	@Override
	public int reserve(String sku, Order order) throws OutOfStockException {
		execute("reserve");
		if (sku.equals("unknown")) {
			throw new UnknownSkuException("nobody knows it");
		}
		if (order.quantity() > 5) {
			throw new OutOfStockException(sku, 5);
		}
		return order.quantity();
	}

	@Override
	public CompletableFuture<String> later(String name) {
		return CompletableFuture.supplyAsync(() -> "Later " + name,
				CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
	}

	@Override
	public Mono<String> reactive(String name) {
		return Mono.fromSupplier(() -> "Reactive " + name);
	}

	@Override
	public String fail(String message) {
		execute("fail");
		throw new IllegalStateException("secret: " + message);
	}

	@Override
	public int count(String key) {
		execute("count");
		return executions("count");
	}

	@Override
	public List<String> names(String key) {
		execute("names");
		return List.of("one", "two");
	}

	@Override
	public String slow(long millis) {
		execute("slow");
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return "slept";
	}

	@Override
	public long timeLeft() {
		InboundCall call = InboundCall.current();
		return (call != null) ? call.deadline().remaining().toMillis() : -1;
	}

}
