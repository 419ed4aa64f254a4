package dev.rpcboot.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

	@Test
	void showsWhatWasTriedWhileMoreIsTried() {
		CallContext context = new CallContext(Deadline.after(Duration.ofSeconds(1), NanoClock.SYSTEM), true,
				Runnable::run);
		RpcInstance first = new RpcInstance("one", URI.create("http://127.0.0.1:1/rpc"));
		RpcInstance second = new RpcInstance("two", URI.create("http://127.0.0.1:2/rpc"));
		List<RpcInstance> tried = context.tried();

		context.addTried(first);
		List<RpcInstance> seen = tried.stream().peek((instance) -> context.part().addTried(second)).toList();

		assertThat(seen).startsWith(first);
		assertThat(tried).containsExactly(first, second).isEqualTo(context.part().tried());
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> tried.add(first));
	}

}
