package dev.rpcboot.client.transport;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

import dev.rpcboot.call.ItemSource;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that is read while it comes. The event loop adds pieces and stops reading from
 * the socket while some are waiting to be read, so that a slow reader costs no more than
 * a window of memory and slows down the server. Readers run on the call's executor.
 */
final class EventBody implements ItemSource<byte[]> {

	/** The body that is handed over so. */
	static final String MEDIA_TYPE = "text/event-stream";

	/** Bytes that may wait; the library grants as many before it asks. */
	private static final int WINDOW = 64 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(EventBody.class);

	private final Runnable close;

	private final Executor executor;

	private final Queue<byte[]> pieces = new ArrayDeque<>();

	private int waitingBytes;

	private @Nullable CapacityChannel full;

	private @Nullable Receiver<? super byte[]> receiver;

	private boolean over;

	private @Nullable RuntimeException failure;

	private boolean cancelled;

	/**
	 * Creates one.
	 * @param close closes the connection, unless it was given back
	 * @param executor runs what the reader does with pieces that it had to wait for
	 */
	EventBody(Runnable close, Executor executor) {
		this.close = close;
		this.executor = executor;
	}

	void add(byte[] piece) {
		synchronized (this) {
			if (this.cancelled) {
				return;
			}
			this.pieces.add(piece);
			this.waitingBytes += piece.length;
		}
		wake();
	}

	/** Says that the library reads no more until it is told so. */
	void isFull(CapacityChannel channel) {
		synchronized (this) {
			this.full = channel;
		}
		readOn();
	}

	void end() {
		synchronized (this) {
			this.over = true;
		}
		wake();
	}

	void failed(RuntimeException failure) {
		synchronized (this) {
			this.failure = failure;
			this.over = true;
		}
		wake();
	}

	@Override
	public void next(Receiver<? super byte[]> receiver) {
		Runnable signal;
		synchronized (this) {
			signal = signal(receiver);
			if (signal == null) {
				this.receiver = receiver;
				return;
			}
		}
		readOn();
		signal.run();
	}

	private void wake() {
		Runnable signal;
		synchronized (this) {
			signal = (this.receiver != null) ? signal(this.receiver) : null;
			if (signal == null) {
				return;
			}
			this.receiver = null;
		}
		readOn();
		this.executor.execute(signal);
	}

	/** What there is to tell, or {@code null}; under the lock. */
	private @Nullable Runnable signal(Receiver<? super byte[]> receiver) {
		if (this.cancelled) {
			return null;
		}
		byte[] piece = this.pieces.poll();
		if (piece != null) {
			this.waitingBytes -= piece.length;
			return () -> receiver.item(piece);
		}
		RuntimeException failure = this.failure;
		if (failure != null) {
			return () -> receiver.failed(failure);
		}
		return this.over ? receiver::end : null;
	}

	private void readOn() {
		CapacityChannel channel;
		int room;
		synchronized (this) {
			room = WINDOW - this.waitingBytes;
			if (this.full == null || this.over || room < WINDOW / 2) {
				return;
			}
			channel = this.full;
			this.full = null;
		}
		try {
			// not under the lock: it takes the library's own
			channel.update(room);
		}
		// the session may be closing, and a key of its selector be gone: the failure that
		// follows tells the reader
		catch (IOException | RuntimeException ex) {
			logger.debug("A stream cannot be read on: {}", ex.toString());
		}
	}

	@Override
	public void cancel() {
		synchronized (this) {
			this.cancelled = true;
			this.receiver = null;
			this.pieces.clear();
		}
		this.close.run();
	}

}
