package dev.rpcboot.demo.provider;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

	synchronized List<Stock> list(Category category) {
		List<Stock> found = new ArrayList<>(this.articles.values());
		found.removeIf((stock) -> stock.category() != category);
		return found;
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
