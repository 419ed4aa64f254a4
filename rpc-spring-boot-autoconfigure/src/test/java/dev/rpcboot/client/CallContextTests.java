package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.call.Deadline;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallContextTests {

	@Test
	void knowsTheTimeThatWasGivenHoweverMuchOfItHasPassed() {
		AtomicLong now = new AtomicLong();
		Deadline deadline = Deadline.after(Duration.ofMillis(400), now::get);
		now.addAndGet(3_000_000);

		CallContext context = new CallContext(deadline, true, Runnable::run);

		assertThat(context.timeout()).isEqualTo(Duration.ofMillis(400));
		assertThat(context.remaining()).isEqualTo(Duration.ofMillis(397));
	}

}
