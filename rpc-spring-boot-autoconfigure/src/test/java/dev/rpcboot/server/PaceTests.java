package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTests {

	private static final Duration THRESHOLD = Duration.ofNanos(50_000);

	private final Pace pace = new Pace();

	private long now = 1;

	@Test
	void isBelievedAfterSomeCalls() {
		add(9, 10, 100);
		assertThat(this.pace.together(THRESHOLD)).isZero();

		add(1, 10, 100);
		assertThat(this.pace.together(THRESHOLD)).isPositive();
	}

	@Test
	void letsAsManyTravelTogetherAsTakeAMillisecond() {
		add(10_000, 20, 100);
		assertThat(this.pace.together(THRESHOLD)).isBetween(45, 55);

		add(10_000, 45, 100);
		assertThat(this.pace.together(THRESHOLD)).isBetween(20, 25);
	}

	@Test
	void isNotQuickIfCallsWaitForSomething() {
		add(10_000, 100, 100);

		assertThat(this.pace.together(THRESHOLD)).isZero();
	}

	@Test
	void forgivesAFirstCallThatWasSlow() {
		add(1, 300_000, 100);
		add(4_000, 10, 100);

		assertThat(this.pace.together(THRESHOLD)).isGreaterThan(10);
	}

	@Test
	void isNotQuickIfOneCallInAHundredIsSlow() {
		for (int i = 0; i < 100; i++) {
			add(99, 10, 100);
			add(1, 10_000, 100);
		}
		assertThat(this.pace.together(THRESHOLD)).isZero();

		add(50, 10, 100);
		assertThat(this.pace.together(THRESHOLD)).isZero();
		add(6_000, 10, 100);
		assertThat(this.pace.together(THRESHOLD)).isPositive();
	}

	@Test
	void isQuickIfOneCallInTenThousandIsSlow() {
		add(1_000, 10, 100);
		for (int i = 0; i < 10; i++) {
			add(1, 10_000, 100);
			assertThat(this.pace.together(THRESHOLD)).isPositive();
			add(10_000, 10, 100);
		}
	}

	@Test
	void letsFewTravelTogetherIfOneCallInAThousandIsSlow() {
		long together = 0;
		int asked = 0;
		for (int i = 0; i < 20_000; i++) {
			add(1, (i % 1000 == 999) ? 10_000 : 10, 100);
			if (i > 5_000) {
				together += this.pace.together(THRESHOLD);
				asked++;
			}
		}

		// so at most one in a hundred has to wait for a slow one
		assertThat((double) together / asked).isBetween(2.0, 10.0);
	}

	@Test
	void isNotQuickIfAnswersAreLarge() {
		add(10_000, 10, 20_000);

		assertThat(this.pace.together(THRESHOLD)).isZero();
	}

	private void add(int calls, long micros, int bytes) {
		long elapsed = TimeUnit.MICROSECONDS.toNanos(micros);
		for (int i = 0; i < calls; i++) {
			// calls do not begin at regular times
			this.now += elapsed + 1 + (i * 7919L) % 1000;
			this.pace.add(this.now - elapsed, this.now, new CallReply(null, new byte[bytes]));
		}
	}

}
