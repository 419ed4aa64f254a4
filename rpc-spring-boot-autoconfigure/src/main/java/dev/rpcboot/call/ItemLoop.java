package dev.rpcboot.call;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes item after item from a source, on whatever thread they come, without a recursion
 * for each that is there at once.
 *
 * @param <T> type of the items
 * @since 0.1
 */
public final class ItemLoop<T> implements ItemSource.Receiver<T> {

	private final ItemSource<T> source;

	private final ItemSource.Receiver<T> receiver;

	private final AtomicInteger requests = new AtomicInteger();

	/**
	 * Creates one.
	 * @param receiver is told what comes, and asks for more by {@link #next()}, at once
	 * or later
	 */
	public ItemLoop(ItemSource<T> source, ItemSource.Receiver<T> receiver) {
		this.source = source;
		this.receiver = receiver;
	}

	/**
	 * Asks for the next signal. Within the receiver it returns at once, and the signal
	 * follows when the receiver has returned.
	 */
	public void next() {
		if (this.requests.getAndIncrement() == 0) {
			do {
				this.source.next(this);
			}
			while (this.requests.decrementAndGet() != 0);
		}
	}

	@Override
	public void item(T item) {
		this.receiver.item(item);
	}

	@Override
	public void end() {
		this.receiver.end();
	}

	@Override
	public void failed(Throwable failure) {
		this.receiver.failed(failure);
	}

}
