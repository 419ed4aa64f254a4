package dev.rpcboot.calls;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.Feed.Reading;
import dev.rpcboot.client.RpcClient;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Takes feeds, whichever way they are produced, in each way in which they can be taken.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class FeedConsumer {

	final RpcClient client;

	FeedConsumer(RpcClient client) {
		this.client = client;
	}

	@Bean
	static CircuitBreakerRegistry breakers() {
		return CircuitBreakerRegistry.ofDefaults();
	}

	Flux<Reading> flux(String target, Produced how, Plan plan) {
		Feed.AsFlux feed = this.client.reference(Feed.AsFlux.class, target);
		try {
			return switch (how) {
				case FLUX -> feed.flux(plan);
				case STREAM -> feed.stream(plan);
				case ITERATOR -> feed.iterator(plan);
				case LIST -> feed.list(plan);
			};
		}
		catch (Feed.SoldOutException ex) {
			throw new AssertionError("A Flux fails when it is subscribed to", ex);
		}
	}

	Stream<Reading> stream(String target, Produced how, Plan plan) throws Feed.SoldOutException {
		Feed.AsStream feed = this.client.reference(Feed.AsStream.class, target);
		return switch (how) {
			case FLUX -> feed.flux(plan);
			case STREAM -> feed.stream(plan);
			case ITERATOR -> feed.iterator(plan);
			case LIST -> feed.list(plan);
		};
	}

	Iterator<Reading> iterator(String target, Produced how, Plan plan) throws Feed.SoldOutException {
		Feed.AsIterator feed = this.client.reference(Feed.AsIterator.class, target);
		return switch (how) {
			case FLUX -> feed.flux(plan);
			case STREAM -> feed.stream(plan);
			case ITERATOR -> feed.iterator(plan);
			case LIST -> feed.list(plan);
		};
	}

	List<Reading> list(String target, Produced how, Plan plan) throws Feed.SoldOutException {
		Feed.AsList feed = this.client.reference(Feed.AsList.class, target);
		return switch (how) {
			case FLUX -> feed.flux(plan);
			case STREAM -> feed.stream(plan);
			case ITERATOR -> feed.iterator(plan);
			case LIST -> feed.list(plan);
		};
	}

	/**
	 * Opens a feed, to be read by the thread that asks.
	 */
	Taking take(Taken way, String target, Produced how, Plan plan) throws Feed.SoldOutException {
		return switch (way) {
			case FLUX -> new Taking(flux(target, how, plan).toStream(1));
			case STREAM -> new Taking(stream(target, how, plan));
			case ITERATOR -> {
				Iterator<Reading> items = iterator(target, how, plan);
				yield new Taking(StreamSupport.stream(Spliterators.spliteratorUnknownSize(items, 0), false)
					.onClose(() -> close(items)));
			}
			case LIST -> new Taking(list(target, how, plan).stream());
		};
	}

	private static void close(Iterator<?> items) {
		try {
			((AutoCloseable) items).close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Which of the contract's methods produces a feed.
	 */
	enum Produced {

		FLUX, STREAM, ITERATOR, LIST

	}

	/**
	 * As what a feed is taken.
	 */
	enum Taken {

		FLUX, STREAM, ITERATOR, LIST

	}

	/**
	 * A feed that is being taken.
	 */
	static final class Taking implements AutoCloseable {

		private final Stream<Reading> items;

		private final Iterator<Reading> iterator;

		Taking(Stream<Reading> items) {
			this.items = items;
			this.iterator = items.iterator();
		}

		Reading next() {
			return this.iterator.next();
		}

		/** The numbers of the items that are left. */
		List<Integer> rest() {
			return Stream.iterate(this.iterator, Iterator::hasNext, (iterator) -> iterator)
				.map((iterator) -> iterator.next().number())
				.toList();
		}

		/** Takes the items that are left, and says how many there were. */
		int drain() {
			int count = 0;
			for (; this.iterator.hasNext(); count++) {
				this.iterator.next();
			}
			return count;
		}

		@Override
		public void close() {
			this.items.close();
		}

	}

}
