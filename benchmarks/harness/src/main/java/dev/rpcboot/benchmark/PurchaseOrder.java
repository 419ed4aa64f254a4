package dev.rpcboot.benchmark;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * About 1 KB of JSON: a nested record, ten lines, decimals, an instant and an enum.
 * Serializable, because Dubbo wants that.
 *
 * @param id number of the order
 * @param customer who ordered
 * @param lines what was ordered
 * @param placed when
 * @param state how far it is
 * @param total sum of the lines
 */
public record PurchaseOrder(String id, Customer customer, List<Line> lines, Instant placed, State state,
		BigDecimal total) implements Serializable {

	public PurchaseOrder {
		lines = List.copyOf(lines);
	}

	/** An order that always looks the same. */
	public static PurchaseOrder sample() {
		return sample(815);
	}

	/**
	 * An order of that number, which shares no part with others: some encodings write a
	 * repeated object once.
	 */
	public static PurchaseOrder sample(int number) {
		List<Line> lines = IntStream.rangeClosed(1, 10)
			.mapToObj((i) -> new Line("SKU-" + (1000 + i), "Hexagon bolt M" + i + " x 80", i * 3,
					BigDecimal.valueOf(1990 + i, 2)))
			.toList();
		BigDecimal total = lines.stream()
			.map((line) -> line.price().multiply(BigDecimal.valueOf(line.quantity())))
			.reduce(BigDecimal.ZERO, BigDecimal::add);
		return new PurchaseOrder("2026-" + (100_000 + number),
				new Customer("Ada Lovelace", "ada@example.org", "12 St James's Square", "London"), lines,
				Instant.parse("2026-01-31T12:34:56.789Z"), State.PLACED, total);
	}

	/** The order as the server gives it back. */
	public PurchaseOrder confirmed() {
		return new PurchaseOrder(this.id, this.customer, this.lines, this.placed, State.CONFIRMED, this.total);
	}

	/**
	 * Who ordered.
	 *
	 * @param name full name
	 * @param email address for mails
	 * @param street street and number
	 * @param city city
	 */
	public record Customer(String name, String email, String street, String city) implements Serializable {
	}

	/**
	 * One line.
	 *
	 * @param sku number of the article
	 * @param name its name
	 * @param quantity pieces
	 * @param price price of a piece
	 */
	public record Line(String sku, String name, int quantity, BigDecimal price) implements Serializable {
	}

	/** How far an order is. */
	public enum State {

		PLACED, CONFIRMED

	}

}
