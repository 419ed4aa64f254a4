package dev.rpcboot.calls;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import dev.rpcboot.RpcContract;
import reactor.core.publisher.Flux;

/**
 * A contract with each way of giving a result item by item, and the contracts by which
 * its consumers take each of them in each way.
 */
interface Feed {

	Flux<Reading> flux(Plan plan) throws SoldOutException;

	Stream<Reading> stream(Plan plan) throws SoldOutException;

	Iterator<Reading> iterator(Plan plan) throws SoldOutException;

	List<Reading> list(Plan plan) throws SoldOutException;

	/** Two items that say on whose behalf each was produced. */
	Flux<String> fluxCaller();

	Stream<String> streamCaller();

	Iterator<String> iteratorCaller();

	/**
	 * Takes them as a Flux.
	 */
	@RpcContract("Feed")
	interface AsFlux {

		Flux<Reading> flux(Plan plan) throws SoldOutException;

		Flux<Reading> stream(Plan plan) throws SoldOutException;

		Flux<Reading> iterator(Plan plan) throws SoldOutException;

		Flux<Reading> list(Plan plan) throws SoldOutException;

		Flux<String> fluxCaller();

		Flux<String> streamCaller();

		Flux<String> iteratorCaller();

	}

	/**
	 * Takes them as a Stream.
	 */
	@RpcContract("Feed")
	interface AsStream {

		Stream<Reading> flux(Plan plan) throws SoldOutException;

		Stream<Reading> stream(Plan plan) throws SoldOutException;

		Stream<Reading> iterator(Plan plan) throws SoldOutException;

		Stream<Reading> list(Plan plan) throws SoldOutException;

	}

	/**
	 * Takes them as an Iterator.
	 */
	@RpcContract("Feed")
	interface AsIterator {

		Iterator<Reading> flux(Plan plan) throws SoldOutException;

		Iterator<Reading> stream(Plan plan) throws SoldOutException;

		Iterator<Reading> iterator(Plan plan) throws SoldOutException;

		Iterator<Reading> list(Plan plan) throws SoldOutException;

	}

	/**
	 * Takes them all at once.
	 */
	@RpcContract("Feed")
	interface AsList {

		List<Reading> flux(Plan plan) throws SoldOutException;

		List<Reading> stream(Plan plan) throws SoldOutException;

		List<Reading> iterator(Plan plan) throws SoldOutException;

		List<Reading> list(Plan plan) throws SoldOutException;

	}

	/**
	 * What a stream does.
	 *
	 * @param count how many items it has
	 * @param size characters of each
	 * @param free how many come before the gate, at which the others wait
	 * @param failAt the item in place of which it fails, or -1
	 * @param declared whether it fails with an exception of the contract
	 */
	record Plan(int count, int size, int free, int failAt, boolean declared) {

		static Plan of(int count) {
			return new Plan(count, 1, Integer.MAX_VALUE, -1, false);
		}

		Plan sized(int size) {
			return new Plan(this.count, size, this.free, this.failAt, this.declared);
		}

		Plan gatedAfter(int free) {
			return new Plan(this.count, this.size, free, this.failAt, this.declared);
		}

		Plan soldOutAt(int number) {
			return new Plan(this.count, this.size, this.free, number, true);
		}

		Plan brokenAt(int number) {
			return new Plan(this.count, this.size, this.free, number, false);
		}

	}

	record Reading(int number, String text) {
	}

	class SoldOutException extends Exception {

		private static final long serialVersionUID = 1L;

		private final int sold;

		public SoldOutException(String message, int sold) {
			super(message);
			this.sold = sold;
		}

		public int sold() {
			return this.sold;
		}

	}

}
