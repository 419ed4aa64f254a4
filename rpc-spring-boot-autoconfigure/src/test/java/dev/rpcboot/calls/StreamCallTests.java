package dev.rpcboot.calls;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.rpcboot.Execution;
import dev.rpcboot.InstanceOutcome;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.Feed.Reading;
import dev.rpcboot.calls.Feed.SoldOutException;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import dev.rpcboot.client.RpcBatch;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a consumer sees of a provider's streams.
 */
class StreamCallTests extends FeedTests {

	@ParameterizedTest
	@MethodSource("pairs")
	void givesEveryItemInOrder(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, Plan.of(1000))) {
			assertThat(items.rest()).hasSize(1000).isSorted().startsWith(0).endsWith(999).doesNotHaveDuplicates();
		}
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void endsWithoutItemsWhereThereAreNone(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, Plan.of(0))) {
			assertThat(items.rest()).isEmpty();
		}
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void givesTheFirstItemBeforeTheLastIsProduced(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, Plan.of(3).gatedAfter(1))) {
			assertThat(items.next().number()).isZero();
			assertThat(provider.produced).hasValue(1);

			provider.openGate();

			assertThat(items.rest()).containsExactly(1, 2);
		}
	}

	@ParameterizedTest
	@EnumSource
	void givesAListOfWhateverIsProduced(Produced how) throws Exception {
		assertThat(consumer.list("feed", how, Plan.of(3))).extracting(Reading::number).containsExactly(0, 1, 2);
		assertThat(consumer.list("feed", how, Plan.of(0))).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void givesAListItemByItem(Taken way) throws Exception {
		try (Taking items = take(way, Produced.LIST, Plan.of(3))) {
			assertThat(items.rest()).containsExactly(0, 1, 2);
		}
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void throwsADeclaredExceptionInPlaceOfTheFirstItem(Produced how, Taken way) {
		assertThat(failureOf(way, "feed", how, Plan.of(3).soldOutAt(0)))
			.isInstanceOfSatisfying(SoldOutException.class, (ex) -> assertThat(ex.sold()).isZero())
			.hasMessage("sold out after 0");
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void throwsADeclaredExceptionBehindTheItemsBeforeIt(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, Plan.of(3).soldOutAt(2))) {
			assertThat(items.next().number()).isZero();
			assertThat(items.next().number()).isEqualTo(1);

			assertThat(failureOf(items))
				.isInstanceOfSatisfying(SoldOutException.class, (ex) -> assertThat(ex.sold()).isEqualTo(2))
				.hasMessage("sold out after 2");
		}
	}

	@ParameterizedTest
	@EnumSource
	void throwsADeclaredExceptionInPlaceOfAList(Produced how) {
		assertThat(failureOf(Taken.LIST, "feed", how, Plan.of(3).soldOutAt(2)))
			.isInstanceOfSatisfying(SoldOutException.class, (ex) -> assertThat(ex.sold()).isEqualTo(2));
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void tellsNothingOfTheInsideOfAnUndeclaredFailure(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, Plan.of(3).brokenAt(1))) {
			assertThat(items.next().number()).isZero();

			assertThat(failureOf(items)).isInstanceOfSatisfying(RpcRemoteException.class, (ex) -> {
				assertThat(ex.reason()).isEqualTo("INTERNAL");
				assertThat(ex.execution()).isEqualTo(Execution.EXECUTED);
				assertThat(ex.traceId()).isNotBlank();
				assertThat(ex.getMessage()).doesNotContain("secret", "IllegalState");
			});
		}
		await(() -> provider.open.get() == 0);
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void isRefusedByAnOpenCircuitBreaker(Taken way) {
		consuming.getBean(CircuitBreakerRegistry.class).circuitBreaker("feed").transitionToOpenState();

		assertThat(failureOf(way, "feed", Produced.STREAM, Plan.of(1))).isInstanceOfSatisfying(
				RpcUnavailableException.class, (ex) -> assertThat(ex.reason()).isEqualTo(Reason.CIRCUIT_OPEN));
		assertThat(provider.entered).hasValue(0);
	}

	@Test
	void comesInABatchAsWhatTheEntryReturns() throws Exception {
		RpcBatch<Feed.AsFlux> fluxes = consumer.client.batch(Feed.AsFlux.class, "feed");
		RpcBatch.Entry<Flux<Reading>> flux = fluxes.add((feed) -> feed.stream(Plan.of(3)));
		RpcBatch.Entry<Flux<Reading>> soldOut = fluxes.add((feed) -> feed.flux(Plan.of(3).soldOutAt(1)));
		RpcBatch<Feed.AsStream> streams = consumer.client.batch(Feed.AsStream.class, "feed");
		RpcBatch.Entry<Stream<Reading>> stream = streams.add((feed) -> feed.iterator(Plan.of(3)));
		RpcBatch<Feed> others = consumer.client.batch(Feed.class, "feed");
		RpcBatch.Entry<Iterator<Reading>> iterator = others.add((feed) -> feed.iterator(Plan.of(3)));

		fluxes.send();
		streams.send();
		CompletableFuture<Void> sent = others.sendAsync();

		assertThat(flux.get().map(Reading::number).collectList().block()).containsExactly(0, 1, 2);
		assertThat(stream.get().map(Reading::number)).containsExactly(0, 1, 2);
		assertThat(sent).succeedsWithin(Duration.ofSeconds(10));
		assertThat(iterator.get()).toIterable().extracting(Reading::number).containsExactly(0, 1, 2);
		assertThat(catchThrowable(soldOut::get)).isInstanceOf(SoldOutException.class);
	}

	@ParameterizedTest
	@CsvSource({ "FLUX", "STREAM", "ITERATOR" })
	void comesFromEveryInstanceOfABroadcast(Produced how) {
		List<InstanceOutcome<Flux<Reading>>> fluxes = consumer.client.broadcast(Feed.AsFlux.class, "feed")
			.call((feed) -> switch (how) {
				case FLUX -> feed.flux(Plan.of(3));
				case STREAM -> feed.stream(Plan.of(3));
				default -> feed.iterator(Plan.of(3));
			});
		List<InstanceOutcome<Stream<Reading>>> streams = consumer.client.broadcast(Feed.AsStream.class, "feed")
			.call((feed) -> switch (how) {
				case FLUX -> feed.flux(Plan.of(3));
				case STREAM -> feed.stream(Plan.of(3));
				default -> feed.iterator(Plan.of(3));
			});

		assertThat(fluxes).singleElement()
			.satisfies((outcome) -> assertThat(outcome.get().map(Reading::number).collectList().block())
				.containsExactly(0, 1, 2));
		assertThat(streams).singleElement()
			.satisfies((outcome) -> assertThat(outcome.get().map(Reading::number)).containsExactly(0, 1, 2));
	}

}
