package dev.rpcboot.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallIdsTests {

	private final CallIds ids = new CallIds();

	@Test
	void anIdHasAHundredAndTwentyEightBits() {
		assertThat(this.ids.next()).matches("[A-Za-z0-9_-]{22}");
	}

	@Test
	void noIdIsGivenOutTwice() {
		Set<String> seen = ConcurrentHashMap.newKeySet();

		IntStream.range(0, 100_000).parallel().forEach((i) -> seen.add(this.ids.next()));

		assertThat(seen).hasSize(100_000);
	}

}
