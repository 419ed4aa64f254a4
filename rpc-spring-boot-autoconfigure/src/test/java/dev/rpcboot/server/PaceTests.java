package dev.rpcboot.server;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTests {

	private final Pace pace = new Pace();

	@Test
	void isBelievedAfterSomeCalls() {
		add(19, 10, 100);
		assertThat(this.pace.isQuick()).isFalse();

		add(1, 10, 100);
		assertThat(this.pace.isQuick()).isTrue();
	}

	@Test
	void forgivesAFirstCallThatWasSlow() {
		add(1, 300_000, 100);
		add(200, 10, 100);

		assertThat(this.pace.isQuick()).isTrue();
	}

	@Test
	void isNotQuickIfOneCallInAHundredIsSlow() {
		for (int i = 0; i < 100; i++) {
			add(99, 10, 100);
			add(1, 10_000, 100);
		}
		assertThat(this.pace.isQuick()).isFalse();

		add(50, 10, 100);
		assertThat(this.pace.isQuick()).isFalse();
		add(4_000, 10, 100);
		assertThat(this.pace.isQuick()).isTrue();
	}

	@Test
	void isQuickIfOneCallInTenThousandIsSlow() {
		for (int i = 0; i < 10; i++) {
			add(10_000, 10, 100);
			add(1, 10_000, 100);
			assertThat(this.pace.isQuick()).isTrue();
		}
	}

	@Test
	void isNotQuickIfCallsUsuallyTakeAMillisecond() {
		add(1_000, 1_000, 100);

		assertThat(this.pace.isQuick()).isFalse();
	}

	@Test
	void isNotQuickIfAnswersAreLarge() {
		add(1_000, 10, 20_000);

		assertThat(this.pace.isQuick()).isFalse();
	}

	private void add(int calls, long micros, int bytes) {
		for (int i = 0; i < calls; i++) {
			this.pace.add(TimeUnit.MICROSECONDS.toNanos(micros), bytes);
		}
	}

}
