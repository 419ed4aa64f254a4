package dev.rpcboot.server.overload;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.server.overload.Simulation.Counts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The limit under loads of simulated time.
 */
class ConcurrencyLimiterTests {

	private static final int NO_THREADS = Integer.MAX_VALUE;

	private static final Duration DEADLINE = Duration.ofMillis(400);

	private static final Duration WHILE = Duration.ofSeconds(20);

	private final Simulation server = Simulation.onThreads();

	private Simulation.Method tenWorkers(Simulation server) {
		return server.new Method(10, DEADLINE, () -> Duration.ofMillis(100));
	}

	@ParameterizedTest
	@CsvSource({ "2, 1900", "3, 1850", "10, 1750" })
	void answersAsMuchAsItCanInTimeUnderOverload(int times, int least) {
		Simulation.Method method = tenWorkers(this.server);
		method.run(WHILE, 50);

		Counts first = method.run(WHILE, 100 * times);
		Counts second = method.run(WHILE, 100 * times);

		assertThat(first.inTime).as(first.toString()).isGreaterThan(least);
		assertThat(second.inTime).as(second.toString()).isGreaterThan(1_960);
		assertThat(second.late).as(second.toString()).isZero();
	}

	@Test
	void findsTheLimitWhereNoThreadsBoundIt() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method method = tenWorkers(reactive);
		method.run(WHILE, 50);
		method.run(Duration.ofSeconds(10), 1_000);

		Counts counts = method.run(WHILE, 1_000);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_950);
	}

	@ParameterizedTest
	@CsvSource({ "2, 50", "3, 50", "10, 50", "2, 400", "3, 400" })
	void findsTheLimitWhereCallersGiveUpAndTheirCallsRunOn(int times, int pause) {
		for (int seed = 0; seed < 20; seed++) {
			Simulation reactive = Simulation.withoutThreads();
			reactive.seed(seed);
			Simulation.Method method = tenWorkers(reactive);
			method.run(Duration.ofSeconds(6), 50);
			method.calls(Criticality.CRITICAL, WHILE, 100 * times);
			reactive.run(Duration.ofMillis(200));
			reactive.pause(Duration.ofMillis(pause));
			reactive.run(WHILE.minusMillis(200 + pause));

			Counts counts = method.run(WHILE, 100 * times);

			assertThat(counts.inTime).as("seed %s, %s", seed, counts).isGreaterThan(1_900);
		}
	}

	@Test
	void findsTheLimitOfFewWorkersWhoseCallersHaveLittleTime() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method method = reactive.new Method(4, Duration.ofMillis(120), () -> Duration.ofMillis(30));
		method.run(WHILE, 60);
		method.run(WHILE, 400);

		Counts counts = method.run(WHILE, 400);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(2_400);
	}

	@Test
	void seesAQueueSoLongThatAllCallsTakeTooLong() {
		Simulation.Method method = this.server.new Method(10, Duration.ofSeconds(2), () -> Duration.ofMillis(300));
		method.run(WHILE, 15);
		method.run(WHILE, 330);

		Counts counts = method.run(WHILE, 330);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(600);
	}

	@Test
	void answersAsMuchAfterManyMinutesOfOverload() {
		Simulation.Method method = tenWorkers(this.server);
		method.run(WHILE, 50);
		method.run(Duration.ofMinutes(20), 300);

		Counts counts = method.run(WHILE, 300);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_950);
	}

	@Test
	void learnsTheLimitUnderOverloadFromTheStart() {
		Simulation.Method method = tenWorkers(this.server);
		method.run(Duration.ofSeconds(5), 1_000);

		Counts counts = method.run(WHILE, 1_000);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_950);
	}

	@Test
	void refusesNothingOnceTheOverloadIsOver() {
		Simulation.Method method = tenWorkers(this.server);
		method.run(WHILE, 50);
		method.run(WHILE, 1_000);
		method.run(Duration.ofSeconds(5), 70);

		Counts counts = method.run(WHILE, 70);

		assertThat(counts.refused + counts.late).as(counts.toString()).isZero();
	}

	@Test
	void seesALoadThatGrowsSlowly() {
		Simulation.Method method = tenWorkers(this.server);
		for (int rate = 50; rate < 130; rate++) {
			method.run(Duration.ofSeconds(10), rate);
		}

		Counts counts = method.run(WHILE, 130);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_900);
	}

	@Test
	void keepsCriticalCallsAliveByRefusingOthers() {
		Simulation.Method method = tenWorkers(this.server);
		method.run(WHILE, 50);

		Duration time = Duration.ofMinutes(5);
		Counts critical = method.calls(Criticality.CRITICAL, time, 80);
		Counts sheddable = method.calls(Criticality.SHEDDABLE, time, 220);
		this.server.run(time);

		assertThat(critical.late + critical.refused).as(critical.toString()).isLessThan(critical.all / 100);
		assertThat(sheddable.inTime).as(sheddable.toString()).isGreaterThan(4_000);
	}

	@Test
	void findsRoomAgainWhenTheServerCanDoMore() {
		Simulation.Method method = tenWorkers(this.server);
		method.run(WHILE, 50);
		method.run(WHILE, 300);
		method.time = () -> Duration.ofMillis(20);
		method.run(Duration.ofSeconds(5), 300);

		Counts counts = method.run(WHILE, 300);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void followsAServerThatCanDoLess() {
		Simulation.Method method = tenWorkers(this.server);
		method.run(WHILE, 80);
		method.time = () -> Duration.ofMillis(180);
		method.run(Duration.ofSeconds(10), 100);

		Counts counts = method.run(WHILE, 100);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_000);
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 300, 400 })
	void opensAgainWhenLettingFewInDoesNotHelp(int rate) {
		Simulation.Method method = this.server.new Method(1_000, DEADLINE, () -> Duration.ofMillis(30));
		method.run(WHILE, rate);
		method.time = () -> Duration.ofMillis(300);
		method.run(Duration.ofSeconds(5), rate);

		Counts counts = method.run(WHILE, rate);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void opensAgainForFewCallsThatHaveBecomeSlow() {
		Simulation.Method method = this.server.new Method(1_000, Duration.ofSeconds(5), () -> Duration.ofMillis(100));
		method.run(WHILE, 5);
		method.time = () -> Duration.ofMillis(1_000);
		method.run(Duration.ofSeconds(20), 5);

		Counts counts = method.run(WHILE, 5);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void doesNotRefuseCallsThatHang() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method hanging = reactive.new Method(10_000, DEADLINE, () -> Duration.ofSeconds(30));
		Simulation.Method quick = reactive.new Method(100, DEADLINE, () -> Duration.ofMillis(5));
		quick.run(WHILE, 100);

		Counts hung = hanging.calls(Criticality.CRITICAL, WHILE, 50);
		Counts counts = quick.run(WHILE, 100);
		Counts after = quick.run(Duration.ofMinutes(1), 100);

		assertThat(hung.refused + counts.refused + after.refused).isZero();
	}

	@Test
	void doesNotTakeLongPollsForAQueue() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method polls = reactive.new Method(10_000, Duration.ofSeconds(30),
				() -> Duration.ofMillis(2_000 + reactive.random().nextInt(20_000)));
		Simulation.Method quick = reactive.new Method(100, DEADLINE, () -> Duration.ofMillis(5));

		Counts polled = polls.calls(Criticality.CRITICAL, Duration.ofMinutes(5), 50);
		Counts counts = quick.run(Duration.ofMinutes(5), 100);

		assertThat(polled.refused + counts.refused).isZero();
	}

	@Test
	void doesNotRefuseQuickCallsForTheLongPollsThatRun() {
		Simulation reactive = Simulation.withoutThreads();
		Duration all = Duration.ofMinutes(3);
		Simulation.Method polls = reactive.new Method(10_000, Duration.ofMinutes(1), () -> Duration.ofSeconds(30));
		Simulation.Method quick = reactive.new Method(1_000, Duration.ofSeconds(1), () -> Duration.ofMillis(30));
		Counts polled = polls.calls(Criticality.CRITICAL, all, 17);
		quick.run(Duration.ofMinutes(1), 100);
		quick.time = () -> Duration.ofMillis(150);

		Counts hiccup = quick.run(Duration.ofSeconds(1), 100);
		quick.time = () -> Duration.ofMillis(30);
		Counts soon = quick.run(Duration.ofSeconds(1), 100);
		Counts after = quick.run(Duration.ofMinutes(1), 100);

		assertThat(hiccup.refused + soon.refused).isLessThan(20);
		assertThat(after.refused + polled.refused).isZero();
	}

	@Test
	void refusesNoSheddableCallForThoseThatTakeLong() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method polls = reactive.new Method(10_000, Duration.ofMinutes(1), () -> Duration.ofSeconds(30));
		Simulation.Method quick = reactive.new Method(1_000, Duration.ofSeconds(1), () -> Duration.ofMillis(30));
		polls.calls(Criticality.CRITICAL, Duration.ofMinutes(3), 20);
		quick.run(Duration.ofMinutes(1), 50);

		Counts sheddable = quick.calls(Criticality.SHEDDABLE, Duration.ofMinutes(1), 50);
		reactive.run(Duration.ofMinutes(1));

		assertThat(sheddable.refused).as(sheddable.toString()).isZero();
	}

	@Test
	void refusesNoSheddableCallForFewThatHang() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method hanging = reactive.new Method(10_000, DEADLINE, () -> Duration.ofHours(1));
		Simulation.Method quick = reactive.new Method(1_000, DEADLINE, () -> Duration.ofMillis(5));
		hanging.bursts(Criticality.CRITICAL, Duration.ofSeconds(1), WHILE, 20);
		reactive.run(Duration.ofSeconds(3));

		Counts sheddable = quick.calls(Criticality.SHEDDABLE, WHILE, 50);
		reactive.run(WHILE);

		assertThat(sheddable.refused).as(sheddable.toString()).isZero();
	}

	@Test
	void opensWhenNoCallEndsThatCouldTellAnything() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method method = tenWorkers(reactive);
		method.run(WHILE, 50);
		method.run(WHILE, 300);
		Simulation.Method hanging = reactive.new Method(10_000, DEADLINE, () -> Duration.ofHours(1));
		hanging.run(Duration.ofSeconds(5), 30);

		Counts counts = hanging.run(WHILE, 30);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void doesNotTakeTheBeginningOfAQueueForWhatGoesWell() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method method = tenWorkers(reactive);
		Simulation.Method quick = reactive.new Method(100, DEADLINE, () -> Duration.ofMillis(5));
		quick.calls(Criticality.CRITICAL, Duration.ofMinutes(1), 500);
		method.run(WHILE, 50);
		method.run(Duration.ofSeconds(10), 1_000);

		Counts counts = method.run(WHILE, 1_000);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_900);
	}

	@Test
	void letsABurstInThatWentWellBeforeCallsGotSlow() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method page = reactive.new Method(1_000, Duration.ofSeconds(2), () -> Duration.ofMillis(100));
		Duration all = Duration.ofMinutes(2);
		Counts counts = page.bursts(Criticality.CRITICAL, all, Duration.ofSeconds(1), 50);
		reactive.run(Duration.ofSeconds(30));

		page.time = () -> Duration.ofMillis(300);
		reactive.run(all);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void letsARareBurstInWhileFewCallsAreSlow() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method method = reactive.new Method(1_000, Duration.ofSeconds(2), () -> Duration.ofMillis(100));
		Duration all = Duration.ofMinutes(5);
		Counts others = method.calls(Criticality.CRITICAL, all, 5);
		Counts counts = method.bursts(Criticality.CRITICAL, all, Duration.ofSeconds(30), 20);
		reactive.run(Duration.ofSeconds(40));

		method.time = () -> Duration.ofMillis(300);
		reactive.run(all);

		assertThat(counts.refused + others.refused).as(counts.toString()).isZero();
	}

	@Test
	void followsAServerThatLosesWhatItServedWell() {
		Simulation.Method method = this.server.new Method(100, DEADLINE, () -> Duration.ofMillis(100));
		method.run(WHILE, 800);
		method.workers = 10;
		method.run(Duration.ofSeconds(10), 800);

		Counts counts = method.run(WHILE, 800);

		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(1_900);
	}

	@Test
	void learnsSoonThatTheFirstCallWasUntypicallyFast() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method quick = reactive.new Method(1_000, DEADLINE, () -> Duration.ofMillis(5));
		Simulation.Method method = reactive.new Method(1_000, DEADLINE, () -> Duration.ofMillis(2));
		Counts others = quick.calls(Criticality.CRITICAL, WHILE, 500);
		method.bursts(Criticality.CRITICAL, Duration.ofSeconds(1), WHILE, 1);
		reactive.run(Duration.ofSeconds(1));
		method.time = () -> Duration.ofMillis(200);
		method.run(Duration.ofSeconds(2), 50);

		Counts counts = method.run(Duration.ofSeconds(10), 150);

		assertThat(counts.refused + others.refused).as(counts.toString()).isZero();
	}

	@Test
	void doesNotTakeMoreCallsOfASlowerMethodForAQueue() {
		Simulation.Method quick = this.server.new Method(100, DEADLINE, () -> Duration.ofMillis(5));
		Simulation.Method slow = this.server.new Method(1_000, DEADLINE, () -> Duration.ofMillis(300));
		Counts few = slow.calls(Criticality.CRITICAL, WHILE, 2);
		quick.run(WHILE, 1_000);

		Counts many = slow.calls(Criticality.CRITICAL, WHILE, 200);
		Counts counts = quick.run(WHILE, 100);

		assertThat(few.refused + many.refused + counts.refused).isZero();
	}

	@Test
	void seesThatOneOfTwoMethodsWaits() {
		Simulation.Method method = tenWorkers(this.server);
		Simulation.Method quick = this.server.new Method(100, DEADLINE, () -> Duration.ofMillis(5));
		method.calls(Criticality.CRITICAL, WHILE, 50);
		quick.run(WHILE, 500);

		Counts waiting = method.calls(Criticality.CRITICAL, WHILE, 200);
		Counts counts = quick.run(WHILE, 500);

		// both share the places, so that both are refused
		assertThat(waiting.inTime).as(waiting.toString()).isGreaterThan(1_900);
		assertThat(counts.inTime).as(counts.toString()).isGreaterThan(4_500);
	}

	@Test
	void doesNotTakeAPauseForAQueue() {
		Simulation.Method method = this.server.new Method(2, DEADLINE, () -> Duration.ofMillis(1));
		method.run(WHILE, 500);

		Counts counts = method.calls(Criticality.CRITICAL, WHILE, 500);
		this.server.pause(Duration.ofMillis(250));
		this.server.run(WHILE);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void doesNotTakeFewSlowCallsForAQueue() {
		Simulation.Method method = this.server.new Method(1_000, Duration.ofSeconds(5),
				() -> Duration.ofMillis((this.server.random().nextInt(100) < 2) ? 1_000 : 5));

		Counts counts = method.run(WHILE, 2_000);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void doesNotTakeNoiseForAQueue() {
		Simulation.Method method = this.server.new Method(1_000, DEADLINE, () -> Duration.ofNanos(20_000));
		method.run(Duration.ofSeconds(5), 5_000);
		method.time = () -> Duration.ofMillis(20);

		Counts counts = method.run(Duration.ofSeconds(5), 5_000);

		assertThat(counts.refused).as(counts.toString()).isZero();
	}

	@Test
	void letsNoMoreHoldAThreadThanThereAre() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(4, 5_000, 20, NanoClock.SYSTEM);

		int entered = enterAll(limiter, Criticality.CRITICAL_PLUS);

		assertThat(entered).isEqualTo(20);
		assertThat(limiter.running()).isEqualTo(20);
	}

	@Test
	void letsOthersHaveTheThreadThatARunningCallHasLeft() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(4, 5_000, 20, NanoClock.SYSTEM);

		for (int i = 0; i < 1_000; i++) {
			ConcurrencyLimiter.Place place = limiter.enter(Criticality.CRITICAL);
			assertThat(place).isNotNull();
			place.leaveThread();
		}

		assertThat(limiter.running()).isEqualTo(1_000);
	}

	@Test
	void letsNoMoreRunThanAreAllowedHoweverLongTheyTake() {
		Simulation reactive = Simulation.withoutThreads();
		Simulation.Method hanging = reactive.new Method(10_000, DEADLINE, () -> Duration.ofHours(1));

		Counts counts = hanging.run(Duration.ofMinutes(2), 100);

		assertThat(counts.refused).isEqualTo(counts.all - Simulation.MAX);
		assertThat(reactive.limiter.running()).isEqualTo(Simulation.MAX);
	}

	@Test
	void keepsAPlaceUntilAllHaveLeftWhoHoldIt() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 1, NO_THREADS, NanoClock.SYSTEM);
		ConcurrencyLimiter.Place place = limiter.enter(Criticality.CRITICAL);
		place.hold();

		place.leave();
		boolean fullBefore = limiter.isFull(Criticality.CRITICAL, 0);
		place.leave();

		assertThat(fullBefore).isTrue();
		assertThat(limiter.isFull(Criticality.CRITICAL, 0)).isFalse();
	}

	@Test
	void lendsHigherCriticalityThePlacesOfLower() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(20, 20, NO_THREADS, NanoClock.SYSTEM);

		assertThat(enterAll(limiter, Criticality.SHEDDABLE)).isEqualTo(8);
		assertThat(enterAll(limiter, Criticality.SHEDDABLE_PLUS)).isEqualTo(6);
		assertThat(enterAll(limiter, Criticality.CRITICAL)).isEqualTo(6);
		assertThat(enterAll(limiter, Criticality.CRITICAL_PLUS)).isEqualTo(3);
		assertThat(limiter.running()).isEqualTo(23);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, NO_THREADS })
	void hasAPlaceForEveryCriticalityWhenThereIsOne(int threads) {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 1, threads, NanoClock.SYSTEM);

		assertThat(enterAll(limiter, Criticality.SHEDDABLE)).isEqualTo(1);
	}

	@Test
	void refusesNothingWithoutBounds() {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(Integer.MAX_VALUE, Integer.MAX_VALUE, NO_THREADS,
				NanoClock.SYSTEM);

		for (int i = 0; i < 10_000; i++) {
			assertThat(limiter.enter(Criticality.SHEDDABLE)).isNotNull();
		}
	}

	@Test
	void keepsALimitWhateverThreadsDoAtATime() throws Exception {
		ConcurrencyLimiter limiter = new ConcurrencyLimiter(4, 5_000, 3, NanoClock.SYSTEM);
		ExecutorService threads = Executors.newFixedThreadPool(4);
		for (int thread = 0; thread < 4; thread++) {
			threads.execute(() -> {
				for (int i = 0; i < 500_000; i++) {
					ConcurrencyLimiter.Place place = limiter.enter(Criticality.CRITICAL);
					if (place != null) {
						place.runs("method " + i % 3);
						place.ended(Ending.DONE);
						place.leaveThread();
						place.leave();
					}
				}
			});
		}
		threads.shutdown();

		assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		assertThat(limiter.limit()).isBetween(4, 5_000);
		assertThat(limiter.running()).isZero();
		assertThat(enterAll(limiter, Criticality.CRITICAL)).isEqualTo(3);
	}

	private static int enterAll(ConcurrencyLimiter limiter, Criticality criticality) {
		int entered = 0;
		while (limiter.enter(criticality) != null) {
			entered++;
		}
		return entered;
	}

}
