package dev.rpcboot.calls;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.Feed.Reading;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Streams that end before their producer is at its end. The provider sends no heartbeat
 * meanwhile, by whose failure it would hear of it too.
 */
class StreamEndTests extends FeedTests {

	private static final Plan ENDLESS = Plan.of(MANY).sized(LARGE);

	private static final Plan IDLE = Plan.of(2).gatedAfter(1);

	@ParameterizedTest
	@MethodSource("pairs")
	void stopsTheProducerOfAConsumerThatCloses(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, ENDLESS)) {
			items.next();
		}

		assertStopped(how);
		assertThat(provider.produced).hasValueLessThan(MANY / 4);
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void stopsAnIdleProducerOfAConsumerThatCloses(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, IDLE)) {
			items.next();
		}

		assertStopped(how);
		assertThat(provider.produced).hasValue(1);
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void stopsTheProducerOfASubscriberThatTakesEnough(Produced how) {
		assertThat(consumer.flux("feed", how, ENDLESS).take(3).count().block(SOON)).isEqualTo(3);

		assertStopped(how);
		assertThat(provider.produced).hasValueLessThan(MANY / 4);
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void stopsTheProducerOfASubscriptionThatIsDisposedOf(Produced how) {
		CompletableFuture<Reading> first = new CompletableFuture<>();
		Disposable subscription = consumer.flux("feed", how, IDLE).subscribe(first::complete);
		assertThat(first).succeedsWithin(SOON);

		subscription.dispose();

		assertStopped(how);
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void stopsTheProducerOfACallThatIsCancelledBeforeTheFirstItem(Produced how) {
		Disposable subscription = consumer.flux("feed", how, Plan.of(1).gatedAfter(0)).subscribe();
		await(() -> provider.entered.get() == 1);

		subscription.dispose();

		assertStopped(how);
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void stopsTheProducerOfAStreamOfWhichOnlyTheFirstItemsAreTaken(Produced how) throws Exception {
		try (Stream<Reading> items = consumer.stream("feed", how, ENDLESS)) {
			assertThat(items.limit(3)).extracting(Reading::number).containsExactly(0, 1, 2);
		}

		assertStopped(how);
		assertThat(provider.produced).hasValueLessThan(MANY / 4);
	}

	@Test
	void wakesUpWhoWaitsForAnItemWhenTheStreamIsClosed() throws Exception {
		Iterator<Reading> items = consumer.iterator("feed", Produced.STREAM, IDLE);
		items.next();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread waiting = new Thread(() -> failure.complete(catchThrowable(items::hasNext)));
		waiting.start();
		await(() -> waiting.getState() == Thread.State.TIMED_WAITING);

		((AutoCloseable) items).close();

		assertThat(failure).succeedsWithin(SOON).isInstanceOf(CancellationException.class);
		assertStopped(Produced.STREAM);
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void takesTheTimeoutForTheFirstItem(Produced how, Taken way) {
		assertThat(failureOf(way, "hasty", how, Plan.of(1).gatedAfter(0)))
			.isInstanceOfSatisfying(RpcDeadlineExceededException.class,
					(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN))
			.hasMessageContaining("on hasty");

		assertStopped(how);
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void outlivesItsTimeoutOnceTheFirstItemIsThere(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "hasty", how, IDLE)) {
			items.next();
			// longer than its timeout, at which nothing is to happen
			stays(() -> provider.open.get() == 1);

			provider.openGate();

			assertThat(items.rest()).containsExactly(1);
		}
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void endsAStreamThatIsIdleForTooLong(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "impatient", how, IDLE)) {
			items.next();

			assertThat(failureOf(items))
				.isInstanceOfSatisfying(RpcDeadlineExceededException.class,
						(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN))
				.hasMessageContaining("stream.idle-timeout");

			assertStopped(how);
		}
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void neverCountsAnIdleConsumerAsAnIdleProducer(Produced how, Taken way) throws Exception {
		try (Taking items = consumer.take(way, "impatient", how, ENDLESS)) {
			items.next();
			stays(() -> provider.open.get() == 1);

			assertThat(items.drain()).isEqualTo(MANY - 1);
		}
	}

	private static void stays(Callable<Boolean> condition) {
		Awaitility.await().during(Duration.ofMillis(1100)).atMost(SOON).until(condition);
	}

	private static void assertStopped(Produced how) {
		await(() -> provider.open.get() == 0);
		assertThat(provider.cancelled).hasValue((how == Produced.FLUX) ? 1 : 0);
	}

}
