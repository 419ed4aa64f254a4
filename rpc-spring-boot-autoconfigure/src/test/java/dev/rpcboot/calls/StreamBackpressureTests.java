package dev.rpcboot.calls;

import java.time.Duration;

import dev.rpcboot.calls.Feed.Plan;
import dev.rpcboot.calls.Feed.Reading;
import dev.rpcboot.calls.FeedConsumer.Produced;
import dev.rpcboot.calls.FeedConsumer.Taken;
import dev.rpcboot.calls.FeedConsumer.Taking;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the producer of a stream follows its consumer in another application.
 */
class StreamBackpressureTests extends FeedTests {

	private static final Plan ENDLESS = Plan.of(MANY).sized(LARGE);

	@ParameterizedTest
	@MethodSource("pairs")
	void producesNoMoreThanASlowConsumerTakes(Produced how, Taken way) throws Exception {
		try (Taking items = take(way, how, ENDLESS)) {
			assertThat(items.next().number()).isZero();

			assertThat(whenSteady()).isLessThan(MANY / 4);

			assertThat(items.drain()).isEqualTo(MANY - 1);
			assertThat(provider.produced).hasValue(MANY);
		}
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void producesNoMoreThanASubscriberRequests(Produced how) {
		StepVerifier.create(consumer.flux("feed", how, ENDLESS).map(Reading::number), 0)
			.expectSubscription()
			.thenRequest(10)
			.expectNext(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
			.then(() -> assertThat(whenSteady()).isLessThan(MANY / 4))
			.thenRequest(Long.MAX_VALUE)
			.expectNextCount(MANY - 10)
			.expectComplete()
			.verify(SOON);

		assertThat(provider.produced).hasValue(MANY);
	}

	@ParameterizedTest
	@EnumSource(names = "LIST", mode = EnumSource.Mode.EXCLUDE)
	void givesASubscriberNotOneMoreThanItRequests(Produced how) {
		StepVerifier.create(consumer.flux("feed", how, Plan.of(100)).map(Reading::number), 3)
			.expectNext(0, 1, 2)
			.expectNoEvent(Duration.ofMillis(200))
			.thenCancel()
			.verify(SOON);
	}

}
