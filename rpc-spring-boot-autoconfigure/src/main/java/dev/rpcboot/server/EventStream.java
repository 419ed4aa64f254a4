package dev.rpcboot.server;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.RpcStatus;
import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * A stream as Server-Sent Events, in pieces: as many events as come at once, but never
 * one that waits for the next. Nothing is asked of the producer but for a piece that the
 * reader has asked for. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class EventStream implements ItemSource<byte[]> {

	private static final int PIECE = 8 * 1024;

	// who has waited so long for an item gets it at once; who gets them faster gets more
	// of them at a time
	private static final Duration GATHERING = Duration.ofMillis(1);

	// that a producer has nothing more at once can only be seen by its not coming back
	private static final Duration OVERDUE = Duration.ofMillis(5);

	private static final JsonRpcError CANCELLED = JsonRpcError.of(RpcStatus.CANCELLED);

	private static final Runnable NOTHING = () -> {
	};

	private final ItemSource<Object> items;

	private final EventEncoding encoding;

	private final DeadlineTimer timer;

	private final ItemLoop<Object> loop;

	private final CompletableFuture<@Nullable JsonRpcError> over = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> givenUp = new CompletableFuture<>();

	// guarded by this, as is all below
	private final EventBuffer events = new EventBuffer();

	private final ReaderWatch watch;

	private @Nullable Receiver<? super byte[]> reader;

	private boolean started;

	private boolean asked;

	private boolean last;

	private boolean overdueWatched;

	EventStream(ItemSource<Object> items, EventEncoding encoding, DeadlineTimer timer,
			RpcServerSettings.Streams settings) {
		this.items = items;
		this.encoding = encoding;
		this.timer = timer;
		this.loop = new ItemLoop<>(items, new Signals());
		this.watch = new ReaderWatch(timer, settings, this::look);
	}

	/**
	 * Begins to look after the reader, who may never come.
	 */
	synchronized EventStream watched() {
		this.watch.lookAgain(false);
		return this;
	}

	/**
	 * How the stream ended: completes with what went wrong, or with {@code null} if
	 * nothing did. A stream that was cancelled ends as CANCELLED.
	 */
	CompletionStage<@Nullable JsonRpcError> whenOver() {
		return this.over;
	}

	/**
	 * Says what to do when the reader has taken nothing for too long: the producer is
	 * cancelled then, nothing more is produced, and the connection is of no more use.
	 */
	public void whenGivenUp(Runnable action) {
		this.givenUp.thenRun(action);
	}

	@Override
	public void next(Receiver<? super byte[]> receiver) {
		synchronized (this) {
			this.reader = receiver;
			this.watch.restart();
		}
		goOn(false);
	}

	@Override
	public void cancel() {
		synchronized (this) {
			this.reader = null;
			abandon();
		}
		this.items.cancel();
		this.over.complete(CANCELLED);
	}

	private void abandon() {
		this.last = true;
		this.watch.stop();
	}

	/**
	 * Ends the stream though the producer has more: whoever still reads is told why.
	 */
	void fail(Throwable failure) {
		CallReply reply = this.encoding.failure(failure);
		this.items.cancel();
		add("error", reply, true);
	}

	/**
	 * Gives the reader what is there, or asks for more.
	 * @param nothingMore whether nothing more comes at once
	 */
	private void goOn(boolean nothingMore) {
		Runnable step;
		synchronized (this) {
			step = step(nothingMore);
		}
		step.run();
	}

	/** What to do next, without the lock. */
	private Runnable step(boolean nothingMore) {
		Receiver<? super byte[]> receiver = this.reader;
		if (receiver == null) {
			return NOTHING;
		}
		boolean any = this.events.size() > 0;
		if (any && isDue(nothingMore)) {
			byte[] piece = this.events.take();
			this.started = true;
			this.reader = null;
			this.watch.restart();
			return () -> receiver.item(piece);
		}
		if (this.last) {
			this.reader = null;
			this.watch.stop();
			return receiver::end;
		}
		if (this.asked || nothingMore) {
			return NOTHING;
		}
		this.asked = true;
		if (any) {
			watchOverdue();
		}
		return this.loop::next;
	}

	private boolean isDue(boolean nothingMore) {
		return nothingMore || this.last || !this.started || this.events.size() >= PIECE
				|| this.watch.idle().compareTo(GATHERING) >= 0;
	}

	private void add(@Nullable String name, CallReply reply, boolean last) {
		synchronized (this) {
			this.asked = false;
			if (this.last) {
				return;
			}
			this.events.add(name, Objects.requireNonNull(reply.body()));
			this.last = last;
		}
		if (last) {
			this.over.complete(reply.error());
		}
		goOn(false);
	}

	/**
	 * Sees to it that what is there is sent though the producer keeps us waiting.
	 */
	private void watchOverdue() {
		if (!this.overdueWatched) {
			this.overdueWatched = true;
			this.timer.after(OVERDUE, () -> {
				synchronized (this) {
					this.overdueWatched = false;
				}
				goOn(true);
			});
		}
	}

	/**
	 * Sends a heartbeat to a reader that waits, and gives up one that takes nothing.
	 */
	private void look() {
		Runnable step = NOTHING;
		synchronized (this) {
			Receiver<? super byte[]> receiver = this.reader;
			if (this.watch.isDue(receiver != null)) {
				if (receiver != null) {
					this.reader = null;
					this.watch.restart();
					step = () -> receiver.item(EventBuffer.heartbeat());
				}
				else {
					abandon();
					step = this::giveUp;
				}
			}
			this.watch.lookAgain(this.reader != null);
		}
		step.run();
	}

	private void giveUp() {
		this.items.cancel();
		this.over.complete(CANCELLED);
		this.givenUp.complete(null);
	}

	private final class Signals implements Receiver<Object> {

		@Override
		public void item(Object item) {
			CallReply reply = EventStream.this.encoding.item(item);
			boolean failed = reply.error() != null;
			if (failed) {
				EventStream.this.items.cancel();
			}
			add(failed ? "error" : null, reply, failed);
		}

		@Override
		public void end() {
			add("end", EventStream.this.encoding.end(), true);
		}

		@Override
		public void failed(Throwable failure) {
			add("error", EventStream.this.encoding.failure(failure), true);
		}

	}

}
