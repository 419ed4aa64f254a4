package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.ItemSource;
import org.jspecify.annotations.Nullable;

/**
 * A result that comes item by item, known to be alive: its first signal is there already.
 * Interceptors see it as the result, and can do nothing with it.
 */
final class OpenStream implements ItemSource<Object> {

	private final ItemSource<Object> source;

	private final Opened opened = new Opened();

	// written before the stream is handed out, read by its one reader
	private @Nullable Object first;

	private boolean taken;

	OpenStream(ItemSource<Object> source) {
		this.source = source;
	}

	/**
	 * Waits for the first signal.
	 * @return completes with this stream at its first item or its end, and fails with
	 * what came in place of them; cancelling it cancels the source, even later
	 */
	CompletableFuture<@Nullable Object> open() {
		this.source.next(new Receiver<>() {

			@Override
			public void item(Object item) {
				OpenStream.this.first = item;
				OpenStream.this.opened.complete(OpenStream.this);
			}

			@Override
			public void end() {
				OpenStream.this.opened.complete(OpenStream.this);
			}

			@Override
			public void failed(Throwable failure) {
				OpenStream.this.opened.completeExceptionally(failure);
			}

		});
		return this.opened;
	}

	@Override
	public void next(Receiver<? super Object> receiver) {
		if (this.taken) {
			this.source.next(receiver);
			return;
		}
		this.taken = true;
		Object item = this.first;
		this.first = null;
		if (item != null) {
			receiver.item(item);
		}
		else {
			receiver.end();
		}
	}

	@Override
	public void cancel() {
		this.source.cancel();
	}

	/**
	 * Is this stream when it is open. Cancelling it reaches the source at any time.
	 */
	private final class Opened extends CompletableFuture<@Nullable Object> {

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			OpenStream.this.source.cancel();
			return super.cancel(mayInterruptIfRunning);
		}

	}

}
