package dev.rpcboot.server;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import dev.rpcboot.Execution;
import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.NanoClock;
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
	private static final long GATHERING = Duration.ofMillis(1).toNanos();

	// a producer that blocks cannot be seen to do so, only seen not to have come back
	private static final Duration OVERDUE = Duration.ofMillis(5);

	private static final JsonRpcError CANCELLED = JsonRpcError.of(RpcStatus.CANCELLED).withExecution(Execution.UNKNOWN);

	private final ItemSource<Object> items;

	private final EventEncoding encoding;

	private final DeadlineTimer timer;

	private final RpcServerSettings.Streams settings;

	private final ItemLoop<Object> loop;

	private final CompletableFuture<@Nullable JsonRpcError> over = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> givenUp = new CompletableFuture<>();

	// guarded by this, as is all below
	private final EventBuffer events = new EventBuffer();

	private @Nullable Receiver<? super byte[]> reader;

	// when the reader asked or, if it does not wait, was given the last piece
	private long since = NanoClock.SYSTEM.now();

	private boolean started;

	private boolean asked;

	private long signals;

	private boolean last;

	private boolean overdueWatched;

	private @Nullable Future<?> watch;

	EventStream(ItemSource<Object> items, EventEncoding encoding, DeadlineTimer timer,
			RpcServerSettings.Streams settings) {
		this.items = items;
		this.encoding = encoding;
		this.timer = timer;
		this.settings = settings;
		this.loop = new ItemLoop<>(new Asking(), new Signals());
		watch(shorter(settings.heartbeat(), settings.stallTimeout()));
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
	 * cancelled then, no piece follows, and the connection is of no more use.
	 */
	public void whenGivenUp(Runnable action) {
		this.givenUp.thenRun(action);
	}

	@Override
	public void next(Receiver<? super byte[]> receiver) {
		synchronized (this) {
			this.reader = receiver;
			this.since = NanoClock.SYSTEM.now();
		}
		goOn(false);
	}

	@Override
	public void cancel() {
		synchronized (this) {
			this.reader = null;
			this.last = true;
			unwatch();
		}
		this.items.cancel();
		this.over.complete(CANCELLED);
	}

	/**
	 * Ends the stream though the producer has more: whoever still reads is told why.
	 */
	void fail(Throwable failure) {
		this.items.cancel();
		add("error", this.encoding.failure(failure), true);
	}

	/**
	 * Gives the reader what is there, or asks for more.
	 * @param nothingMore whether nothing more comes at once
	 */
	private void goOn(boolean nothingMore) {
		Receiver<? super byte[]> receiver;
		byte[] piece;
		synchronized (this) {
			receiver = this.reader;
			if (receiver == null) {
				return;
			}
			boolean any = this.events.size() > 0;
			if (!(any && isDue(nothingMore)) && !this.last) {
				if (this.asked || nothingMore) {
					return;
				}
				this.asked = true;
				receiver = null;
				piece = null;
				if (any) {
					watchOverdue();
				}
			}
			else {
				piece = any ? taken() : null;
				this.reader = null;
				if (piece == null) {
					unwatch();
				}
			}
		}
		if (receiver == null) {
			this.loop.next();
		}
		else if (piece != null) {
			receiver.item(piece);
		}
		else {
			receiver.end();
		}
	}

	private boolean isDue(boolean nothingMore) {
		return nothingMore || this.last || !this.started || this.events.size() >= PIECE
				|| NanoClock.SYSTEM.now() - this.since >= GATHERING;
	}

	private byte[] taken() {
		this.started = true;
		this.since = NanoClock.SYSTEM.now();
		return this.events.take();
	}

	private void add(@Nullable String name, CallReply reply, boolean last) {
		synchronized (this) {
			this.asked = false;
			this.signals++;
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

	private void watch(Duration time) {
		this.watch = this.timer.after(time, this::look);
	}

	private void unwatch() {
		if (this.watch != null) {
			this.watch.cancel(false);
			this.watch = null;
		}
	}

	/**
	 * Sends a heartbeat to a reader that waits, and gives up one that takes nothing.
	 */
	private void look() {
		Receiver<? super byte[]> waiting = null;
		boolean giveUp = false;
		synchronized (this) {
			if (this.watch == null) {
				return;
			}
			Duration idle = Duration.ofNanos(NanoClock.SYSTEM.now() - this.since);
			if (this.reader != null && idle.compareTo(this.settings.heartbeat()) >= 0) {
				waiting = this.reader;
				this.reader = null;
				this.since = NanoClock.SYSTEM.now();
				idle = Duration.ZERO;
			}
			giveUp = this.reader == null && idle.compareTo(this.settings.stallTimeout()) >= 0;
			if (!giveUp) {
				Duration toHeartbeat = (this.reader != null) ? this.settings.heartbeat().minus(idle)
						: this.settings.heartbeat();
				watch(shorter(toHeartbeat, this.settings.stallTimeout().minus(idle)));
			}
		}
		if (waiting != null) {
			waiting.item(EventBuffer.heartbeat());
		}
		else if (giveUp) {
			cancel();
			this.givenUp.complete(null);
		}
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) <= 0) ? one : other;
	}

	/**
	 * Asks for an item, and notices if it does not come at once.
	 */
	private final class Asking implements ItemSource<Object> {

		@Override
		public void next(Receiver<? super Object> receiver) {
			long before;
			synchronized (EventStream.this) {
				before = EventStream.this.signals;
			}
			EventStream.this.items.next(receiver);
			boolean late;
			synchronized (EventStream.this) {
				late = EventStream.this.signals == before;
			}
			if (late) {
				goOn(true);
			}
		}

		@Override
		public void cancel() {
			EventStream.this.items.cancel();
		}

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
