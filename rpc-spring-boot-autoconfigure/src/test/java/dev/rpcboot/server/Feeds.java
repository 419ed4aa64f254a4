package dev.rpcboot.server;

import java.util.Iterator;
import java.util.stream.Stream;

import reactor.core.publisher.Flux;

/**
 * A contract with each way of giving a result item by item.
 */
interface Feeds {

	Flux<Item> flux(Plan plan) throws SoldOutException;

	Stream<Item> stream(Plan plan) throws SoldOutException;

	Iterator<Item> iterator(Plan plan) throws SoldOutException;

	Flux<String> fluxCaller();

	Stream<String> streamCaller();

	String plain();

	/**
	 * What a stream does.
	 *
	 * @param count how many items it has; if negative, not even the first comes
	 * @param size characters of each; an item of less than none but the first breaks the
	 * bean
	 * @param failAt the item in place of which it fails, or -1
	 * @param gated whether each item but the first waits to be let through
	 */
	record Plan(int count, int size, int failAt, boolean gated) {

		static String of(int count) {
			return of(count, 1, -1, false);
		}

		static String of(int count, int size, int failAt, boolean gated) {
			return "{\"count\":" + count + ",\"size\":" + size + ",\"failAt\":" + failAt + ",\"gated\":" + gated + "}";
		}

	}

	record Item(int number, String text) {
	}

	class SoldOutException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final int sold;

		SoldOutException(int sold) {
			super("Sold out");
			this.sold = sold;
		}

		public int getSold() {
			return this.sold;
		}

	}

}
