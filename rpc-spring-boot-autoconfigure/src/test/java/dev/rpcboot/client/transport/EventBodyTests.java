package dev.rpcboot.client.transport;

import java.util.ArrayList;
import java.util.List;

import dev.rpcboot.call.ItemSource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventBodyTests {

	private final List<String> signals = new ArrayList<>();

	private final List<Integer> granted = new ArrayList<>();

	private final EventBody body = new EventBody(() -> this.signals.add("closed"), Runnable::run);

	private final ItemSource.Receiver<byte[]> receiver = new ItemSource.Receiver<>() {

		@Override
		public void item(byte[] piece) {
			EventBodyTests.this.signals.add(piece.length + " bytes");
		}

		@Override
		public void end() {
			EventBodyTests.this.signals.add("end");
		}

		@Override
		public void failed(Throwable failure) {
			EventBodyTests.this.signals.add(failure.getMessage());
		}

	};

	@Test
	void letsTheLibraryReadOnOnlyWhenHalfOfWhatWaitsIsRead() {
		for (int i = 0; i < 8; i++) {
			this.body.add(new byte[8 * 1024]);
		}
		this.body.isFull(this.granted::add);

		for (int i = 0; i < 3; i++) {
			this.body.next(this.receiver);
		}
		assertThat(this.granted).isEmpty();
		this.body.next(this.receiver);

		assertThat(this.granted).containsExactly(32 * 1024);
		this.body.next(this.receiver);
		assertThat(this.granted).hasSize(1);
	}

	@Test
	void letsTheLibraryReadOnAtOnceWhenTheReaderIsWaiting() {
		this.body.next(this.receiver);

		this.body.add(new byte[100]);
		this.body.isFull(this.granted::add);

		assertThat(this.signals).containsExactly("100 bytes");
		assertThat(this.granted).containsExactly(64 * 1024);
	}

	@Test
	void tellsOfAFailureAfterWhatCameBeforeIt() {
		this.body.add(new byte[1]);
		this.body.failed(new IllegalStateException("lost"));

		this.body.next(this.receiver);
		this.body.next(this.receiver);

		assertThat(this.signals).containsExactly("1 bytes", "lost");
	}

	@Test
	void tellsNothingOnceItIsCancelled() {
		this.body.next(this.receiver);

		this.body.cancel();
		this.body.add(new byte[1]);
		this.body.end();
		this.body.next(this.receiver);

		assertThat(this.signals).containsExactly("closed");
	}

}
