package dev.rpcboot.demo.api;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * One article in stock.
 *
 * @param sku its number
 * @param name its name
 * @param category what it is
 * @param left pieces on the shelf
 * @param price price of one piece
 * @param counted when somebody last counted them
 */
public record Stock(String sku, String name, Category category, int left, BigDecimal price, Instant counted) {
}
