package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.CancellationException;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the items of a stream, one at a time, on the thread that asks for them. For
 * one thread at a time; closed from any.
 */
final class ItemPull implements ItemSource.Receiver<EncodedResult> {

	private final ItemSource<EncodedResult> items;

	private final CallerThread thread;

	private final CallContext context;

	private final ClientMethod method;

	private @Nullable EncodedResult item;

	private @Nullable Throwable failure;

	private volatile @Nullable Thread asking;

	private volatile boolean told;

	private volatile boolean closed;

	ItemPull(ItemSource<EncodedResult> items, CallerThread thread, CallContext context, ClientMethod method) {
		this.items = items;
		this.thread = thread;
		this.context = context;
		this.method = method;
	}

	ItemSource<EncodedResult> items() {
		return this.items;
	}

	/**
	 * Waits for the next item.
	 * @return the item, or {@code null} at the end
	 * @throws Throwable whatever the stream failed with
	 */
	@Nullable EncodedResult next() throws Throwable {
		if (this.closed) {
			throw new CancellationException("The stream of " + this.method + " was closed");
		}
		this.asking = Thread.currentThread();
		this.told = false;
		this.item = null;
		this.items.next(this);
		Duration limit = this.method.settings().streamIdleTimeout();
		// the stream fails itself at the limit; this is for when nobody is left to do so
		if (!this.thread.await(() -> this.told || this.closed, limit::toNanos, this.context, this.method)) {
			throw new RpcDeadlineExceededException(
					this.method + " gave no item for " + limit.toMillis() + "ms (stream.idle-timeout)",
					Execution.UNKNOWN, null);
		}
		if (this.failure != null) {
			throw this.failure;
		}
		if (!this.told) {
			throw new CancellationException("The stream of " + this.method + " was closed");
		}
		return this.item;
	}

	@Override
	public void item(EncodedResult item) {
		this.item = item;
		tell();
	}

	@Override
	public void end() {
		tell();
	}

	@Override
	public void failed(Throwable failure) {
		this.failure = failure;
		tell();
	}

	private void tell() {
		this.told = true;
		if (Thread.currentThread() != this.asking) {
			this.thread.wakeUp();
		}
	}

	/**
	 * Ends the stream, unless it has ended.
	 */
	void close() {
		this.closed = true;
		this.items.cancel();
		this.thread.leave();
		this.thread.wakeUpWaiting();
	}

}
