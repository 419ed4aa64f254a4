package dev.rpcboot.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cancellations that come before their requests.
 */
class EarlyCancellationsTests {

	private final AtomicLong now = new AtomicLong();

	private final EarlyCancellations<Integer> cancellations = new EarlyCancellations<>(this.now::get);

	@Test
	void aRequestMeetsItsCancellationOnce() {
		this.cancellations.add(1);

		assertThat(this.cancellations.remove(2)).isFalse();
		assertThat(this.cancellations.remove(1)).isTrue();
		assertThat(this.cancellations.remove(1)).isFalse();
	}

	@Test
	void anOldOneIsForgotten() {
		this.cancellations.add(1);
		this.now.addAndGet(TimeUnit.SECONDS.toNanos(5));

		assertThat(this.cancellations.remove(1)).isFalse();
	}

	@Test
	void theOldestMakeRoomForOthers() {
		for (int i = 0; i <= 1000; i++) {
			this.cancellations.add(i);
		}

		assertThat(this.cancellations.remove(0)).isFalse();
		assertThat(this.cancellations.remove(1)).isTrue();
		assertThat(this.cancellations.remove(1000)).isTrue();
	}

}
