package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.Map;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.server.overload.Simulation.Counts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The limit under loads of simulated time.
 */
class ConcurrencyLimiterTests {

	private static final Duration DEADLINE = Duration.ofMillis(400);

	private static final Duration WHILE = Duration.ofSeconds(20);

	private static Simulation tenWorkers() {
		return new Simulation(10, () -> Duration.ofMillis(100), 4, 180);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 10 })
	void answersAsMuchAsItCanInTimeUnderOverload(int factor) {
		Simulation server = tenWorkers();
		server.run(WHILE, 50, DEADLINE);

		Counts counts = server.run(WHILE, 100 * factor, DEADLINE);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_950);
		assertThat(counts.late).as(counts.toString()).isZero();
	}

	@Test
	void answersAsMuchAfterManyMinutesOfOverload() {
		Simulation server = tenWorkers();
		server.run(WHILE, 50, DEADLINE);
		server.run(Duration.ofMinutes(20), 300, DEADLINE);

		Counts counts = server.run(WHILE, 300, DEADLINE);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_950);
	}

	@Test
	void learnsTheLimitUnderOverloadFromTheStart() {
		Simulation server = tenWorkers();
		server.run(WHILE, 1_000, DEADLINE);

		Counts counts = server.run(WHILE, 1_000, DEADLINE);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_950);
	}

	@Test
	void refusesNothingOnceTheOverloadIsOver() {
		Simulation server = tenWorkers();
		server.run(WHILE, 50, DEADLINE);
		server.run(WHILE, 1_000, DEADLINE);
		server.run(Duration.ofSeconds(5), 70, DEADLINE);

		Counts counts = server.run(WHILE, 70, DEADLINE);

		assertThat(counts.refused + counts.late).as(counts.toString()).isZero();
	}

	@Test
	void seesALoadThatGrowsSlowly() {
		Simulation server = tenWorkers();
		for (int rate = 50; rate < 130; rate++) {
			server.run(Duration.ofSeconds(10), rate, DEADLINE);
		}

		Counts counts = server.run(WHILE, 130, DEADLINE);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_900);
	}

	@Test
	void keepsCriticalCallsAliveByRefusingOthers() {
		Simulation server = tenWorkers();
		server.run(WHILE, 50, DEADLINE);

		Map<Criticality, Counts> counts = server.run(Duration.ofMinutes(5), 300, DEADLINE, 0.7);

		Counts critical = counts.get(Criticality.CRITICAL);
		assertThat(critical.late + critical.refused).as(counts.toString()).isLessThan(critical.all / 100);
	}

	@Test
	void doesNotTakeFewSlowCallsForAQueue() {
		Simulation server = new Simulation(1_000, () -> Duration.ZERO, 4, 180);
		server.workTime = () -> Duration.ofMillis((server.random().nextInt(100) < 2) ? 1_000 : 5);

		Counts counts = server.run(WHILE, 2_000, Duration.ofSeconds(5));

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void doesNotTakeNoiseForAQueue() {
		Simulation server = new Simulation(1_000, () -> Duration.ZERO, 4, 180);
		server.workTime = () -> Duration.ofNanos(20_000);
		server.run(Duration.ofSeconds(5), 5_000, DEADLINE);
		server.workTime = () -> Duration.ofMillis(8);

		Counts counts = server.run(Duration.ofSeconds(5), 5_000, DEADLINE);

		// some before the limit has grown
		assertThat(counts.refused).as(counts.toString()).isLessThan(counts.all / 50);
		assertThat(server.limiter.limit()).isGreaterThan(40);
	}

	@Test
	void opensAgainWhenLettingFewInDoesNotHelp() {
		Simulation server = new Simulation(1_000, () -> Duration.ofMillis(10), 4, 180);
		server.run(Duration.ofSeconds(10), 400, DEADLINE);
		server.workTime = () -> Duration.ofMillis(300);
		server.run(Duration.ofSeconds(10), 400, DEADLINE);

		Counts counts = server.run(WHILE, 400, DEADLINE);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void lendsHigherCriticalityThePlacesOfLower() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(20, 20, NanoClock.SYSTEM);

		assertThat(enterAll(limiter, Criticality.SHEDDABLE)).isEqualTo(8);
		assertThat(enterAll(limiter, Criticality.SHEDDABLE_PLUS)).isEqualTo(6);
		assertThat(enterAll(limiter, Criticality.CRITICAL)).isEqualTo(6);
		assertThat(enterAll(limiter, Criticality.CRITICAL_PLUS)).isEqualTo(3);
		assertThat(limiter.running()).isEqualTo(23);
	}

	@Test
	void hasAPlaceForEveryCriticalityWhenThereIsOne() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 1, NanoClock.SYSTEM);

		assertThat(enterAll(limiter, Criticality.SHEDDABLE)).isEqualTo(1);
	}

	@Test
	void refusesNothingWithoutBounds() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(Integer.MAX_VALUE, Integer.MAX_VALUE, NanoClock.SYSTEM);

		for (int i = 0; i < 10_000; i++) {
			assertThat(limiter.enter(Criticality.SHEDDABLE)).isNotNull();
		}
	}

	@Test
	void keepsALimitWhateverThreadsDoAtATime() throws Exception {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(4, 180, NanoClock.SYSTEM);
		ExecutorService threads = Executors.newFixedThreadPool(4);
		for (int thread = 0; thread < 4; thread++) {
			threads.execute(() -> {
				for (int i = 0; i < 500_000; i++) {
					ConcurrencyLimiter.Place place = limiter.enter(Criticality.CRITICAL);
					if (place != null) {
						place.ended("method " + i % 3, false);
						place.leave();
					}
				}
			});
		}
		threads.shutdown();

		assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		assertThat(limiter.limit()).isBetween(4, 180);
		assertThat(limiter.running()).isZero();
	}

	private static int enterAll(ConcurrencyLimiter limiter, Criticality criticality) {
		int entered = 0;
		while (limiter.enter(criticality) != null) {
			entered++;
		}
		return entered;
	}

}
