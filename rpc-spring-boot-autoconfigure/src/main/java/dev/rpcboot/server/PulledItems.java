package dev.rpcboot.server;

import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.rpcboot.call.ItemSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls items out of an iterator, which may block, on a thread that it has only while
 * there is something to pull. What is asked for while the receiver still has the item
 * before is pulled on the same thread, but not before the receiver has returned: nobody
 * else's code may be kept waiting on the stack, and with it the locks it holds.
 */
final class PulledItems implements ItemSource<Object> {

	private static final Logger logger = LoggerFactory.getLogger(PulledItems.class);

	private final Iterator<?> items;

	private final AutoCloseable resource;

	private final Executor executor;

	private final Runnable released;

	// guarded by this, as is all below
	private @Nullable Thread worker;

	private @Nullable Receiver<? super Object> waiting;

	private boolean pulling;

	private boolean cancelled;

	private boolean closed;

	/**
	 * Creates one.
	 * @param resource is closed at the end, after a failure and when cancelled, on a
	 * thread of the executor
	 * @param executor runs tasks that block, under the caller's context
	 * @param released is told when nothing of this runs any more
	 */
	PulledItems(Iterator<?> items, AutoCloseable resource, Executor executor, Runnable released) {
		this.items = items;
		this.resource = resource;
		this.executor = executor;
		this.released = released;
	}

	@Override
	public void next(Receiver<? super Object> receiver) {
		synchronized (this) {
			if (this.worker != null) {
				this.waiting = receiver;
				return;
			}
		}
		try {
			this.executor.execute(() -> work(receiver));
		}
		catch (RejectedExecutionException ex) {
			close();
			receiver.failed(new RpcCallException(CallRunner.OVERLOADED));
		}
	}

	private void work(Receiver<? super Object> first) {
		synchronized (this) {
			this.worker = Thread.currentThread();
		}
		Receiver<? super Object> receiver = first;
		while (receiver != null) {
			try {
				pull(receiver);
			}
			finally {
				synchronized (this) {
					receiver = this.waiting;
					this.waiting = null;
					if (receiver == null) {
						this.worker = null;
					}
				}
			}
		}
	}

	private void pull(Receiver<? super Object> receiver) {
		if (!begin()) {
			return;
		}
		Object item = null;
		Throwable failure = null;
		try {
			if (this.items.hasNext()) {
				item = Objects.requireNonNull(this.items.next(), "A stream gave null as an item");
			}
		}
		catch (Throwable ex) {
			// user code
			failure = ex;
		}
		boolean unwanted = end();
		if (unwanted || item == null) {
			close();
		}
		if (unwanted) {
			return;
		}
		if (failure != null) {
			receiver.failed(failure);
		}
		else if (item == null) {
			receiver.end();
		}
		else {
			receiver.item(item);
		}
	}

	private synchronized boolean begin() {
		this.pulling = !this.cancelled;
		return this.pulling;
	}

	/**
	 * Ends a pull.
	 * @return whether it was cancelled meanwhile
	 */
	private synchronized boolean end() {
		this.pulling = false;
		if (this.cancelled) {
			// meant for the iterator, not for what the thread does next
			Thread.interrupted();
		}
		return this.cancelled;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Interrupts the thread that waits for the next item: it is ours, the iterator is
	 * used no more, and nothing else would ever end a wait for what does not come.
	 */
	@Override
	public void cancel() {
		synchronized (this) {
			if (this.cancelled || this.closed) {
				return;
			}
			this.cancelled = true;
			if (this.pulling) {
				// the thread is in the iterator and closes it when it comes back
				if (this.worker != null) {
					this.worker.interrupt();
				}
				return;
			}
		}
		try {
			this.executor.execute(this::close);
		}
		catch (RejectedExecutionException ex) {
			close();
		}
	}

	private void close() {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.closed = true;
		}
		try {
			this.resource.close();
		}
		catch (Throwable ex) {
			// user code; what came before it is what the caller hears of
			logger.warn("A stream could not be closed", ex);
		}
		finally {
			this.released.run();
		}
	}

}
