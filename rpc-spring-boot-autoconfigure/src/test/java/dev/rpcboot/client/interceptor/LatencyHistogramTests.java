package dev.rpcboot.client.interceptor;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LatencyHistogramTests {

	private final LatencyHistogram histogram = new LatencyHistogram(0.95);

	@Test
	void saysNothingBeforeAHundredCalls() {
		add(99, Duration.ofMillis(10));

		assertThat(this.histogram.quantile()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 7, 8, 9, 100, 1_000, 1_023, 1_024, 50_000, 3_000_000, 4_000_000_000L })
	void knowsATimeToAnEighth(long micros) {
		add(100, Duration.ofNanos(micros * 1000));

		assertThat(this.histogram.quantile() / 1000).isGreaterThan(micros).isLessThanOrEqualTo(micros + 1 + micros / 8);
	}

	@Test
	void putsATimeBeyondEveryBucketIntoTheLast() {
		add(100, Duration.ofDays(3));

		assertThat(Duration.ofNanos(this.histogram.quantile())).isGreaterThan(Duration.ofHours(1));
	}

	@Test
	void isTheTimeWithinWhichThatShareIsOver() {
		for (int i = 0; i < 1000; i++) {
			this.histogram.add(Duration.ofMillis((i % 100 < 95) ? 10 : 500).toNanos());
		}

		assertThat(Duration.ofNanos(this.histogram.quantile())).isBetween(Duration.ofMillis(10), Duration.ofMillis(12));
	}

	@Test
	void forgetsHowFastCallsWereOnceTheyAreSlower() {
		add(100_000, Duration.ofMillis(1));
		add(200, Duration.ofMillis(100));

		assertThat(Duration.ofNanos(this.histogram.quantile())).isGreaterThanOrEqualTo(Duration.ofMillis(100));
	}

	private void add(int calls, Duration time) {
		for (int i = 0; i < calls; i++) {
			this.histogram.add(time.toNanos());
		}
	}

}
