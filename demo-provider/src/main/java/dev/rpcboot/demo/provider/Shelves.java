package dev.rpcboot.demo.provider;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

import dev.rpcboot.demo.api.Category;
import dev.rpcboot.demo.api.OutOfStockException;
import dev.rpcboot.demo.api.Stock;
import dev.rpcboot.demo.api.UnknownSkuException;

import org.springframework.stereotype.Component;

/**
 * Articles {@code A-0001} to {@code A-1000}, in memory. How many pieces there are is
 * drawn by lot in every process, so that a number seen by a caller tells where it came
 * from. Safe for concurrent use.
 */
@Component
class Shelves {

	private static final int ARTICLES = 1000;

	private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long WHILE = TimeUnit.SECONDS.toNanos(1);

	private final Map<String, Stock> articles = new LinkedHashMap<>();

	Shelves() {
		RandomGenerator lot = RandomGenerator.getDefault();
		Category[] categories = Category.values();
		for (int i = 1; i <= ARTICLES; i++) {
			String sku = "A-%04d".formatted(i);
			Category category = categories[i % categories.length];
			String name = category.name().toLowerCase(Locale.ROOT) + " M" + (3 + i % 20);
			this.articles.put(sku, new Stock(sku, name, category, lot.nextInt(1000, 100_000),
					BigDecimal.valueOf(100 + i, 2), Instant.now().truncatedTo(ChronoUnit.MILLIS)));
		}
	}

	synchronized Stock find(String sku) throws UnknownSkuException {
		Stock stock = this.articles.get(sku);
		if (stock == null) {
			throw new UnknownSkuException(sku);
		}
		return stock;
	}

	synchronized List<Stock> all() {
		return List.copyOf(this.articles.values());
	}

	synchronized List<Stock> list(Category category) {
		List<Stock> found = new ArrayList<>(this.articles.values());
		found.removeIf((stock) -> stock.category() != category);
		return found;
	}

	/**
	 * Looks at a shelf, which takes a moment.
	 */
	int look(String sku) {
		LockSupport.parkNanos(MOMENT);
		synchronized (this) {
			return Objects.requireNonNull(this.articles.get(sku)).left();
		}
	}

	/**
	 * Counts the pieces on a shelf, which takes a while.
	 */
	void recount(String sku) {
		LockSupport.parkNanos(WHILE);
		synchronized (this) {
			this.articles.computeIfPresent(sku, (key, stock) -> new Stock(sku, stock.name(), stock.category(),
					stock.left(), stock.price(), Instant.now().truncatedTo(ChronoUnit.MILLIS)));
		}
	}

	synchronized void take(String sku, int quantity) throws UnknownSkuException, OutOfStockException {
		Stock stock = find(sku);
		if (stock.left() < quantity) {
			throw new OutOfStockException(sku, stock.left());
		}
		this.articles.put(sku, new Stock(sku, stock.name(), stock.category(), stock.left() - quantity, stock.price(),
				stock.counted()));
	}

}
