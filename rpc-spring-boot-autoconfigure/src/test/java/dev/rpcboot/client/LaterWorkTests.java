package dev.rpcboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LaterWorkTests {

	private final List<String> done = new ArrayList<>();

	private final CallContext call = context();

	@Test
	void whatComesLastRunsAfterAllThatTheWorkDoes() {
		this.call.execute(() -> {
			assertThat(LaterWork.endWith(this.call, () -> this.done.add("last"))).isTrue();
			this.done.add("work");
		});

		assertThat(this.done).containsExactly("work", "last");
	}

	@Test
	void whatComesLastRunsThoughTheWorkFails() {
		assertThatIllegalStateException().isThrownBy(() -> this.call.execute(() -> {
			LaterWork.endWith(this.call, () -> this.done.add("last"));
			throw new IllegalStateException("a stage's own");
		}));

		assertThat(this.done).containsExactly("last");
	}

	@Test
	void nothingComesLastOutsideOfAnyWork() {
		assertThat(LaterWork.endWith(this.call, () -> this.done.add("last"))).isFalse();
		assertThat(this.done).isEmpty();
	}

	@Test
	void nothingOfAnotherCallComesLast() {
		this.call.execute(() -> assertThat(LaterWork.endWith(context(), () -> this.done.add("last"))).isFalse());

		assertThat(this.done).isEmpty();
	}

	@Test
	void whatComesLastIsAtNoWorkOfTheCallItself() {
		this.call.execute(() -> LaterWork.endWith(this.call,
				() -> this.done.add("again: " + LaterWork.endWith(this.call, () -> this.done.add("again")))));

		assertThat(this.done).containsExactly("again: false");
	}

	@Test
	void workWithinWorkHasALastOfItsOwn() {
		CallContext inner = context();

		this.call.execute(() -> {
			inner.execute(() -> LaterWork.endWith(inner, () -> this.done.add("inner")));
			assertThat(LaterWork.endWith(this.call, () -> this.done.add("outer"))).isTrue();
			this.done.add("work");
		});

		assertThat(this.done).containsExactly("inner", "work", "outer");
	}

	private static CallContext context() {
		return new CallContext(Deadline.after(Duration.ofMinutes(1), NanoClock.SYSTEM), false, Runnable::run);
	}

}
