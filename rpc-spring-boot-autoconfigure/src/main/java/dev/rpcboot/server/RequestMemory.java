package dev.rpcboot.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of all requests that are being read: one caller cannot send more than
 * a request may have, but many could send slowly, until nothing is left for others. Safe
 * for concurrent use.
 *
 * @since 0.1
 */
public final class RequestMemory {

	/** Of each request. */
	private static final int FREE = 16 * 1024;

	private final long max;

	private final AtomicLong used = new AtomicLong();

	/**
	 * Creates one.
	 * @param max bytes of all requests together
	 */
	RequestMemory(long max) {
		this.max = max;
	}

	/**
	 * Begins to read a request.
	 */
	public Share open() {
		return new Share();
	}

	/**
	 * Bytes of requests that are being read.
	 */
	long used() {
		return this.used.get();
	}

	/**
	 * What one request takes of it; closed when the request has been read or given up.
	 * What comes after that, on another thread, takes nothing. The first bytes are free,
	 * so that large requests that are slow leave room for small ones.
	 */
	public final class Share implements AutoCloseable {

		private long taken;

		private long read;

		private boolean closed;

		private Share() {
		}

		/**
		 * Takes more of it.
		 * @throws ExhaustedException if there is not so much left
		 */
		public synchronized void take(int bytes) {
			this.read += bytes;
			long more = Math.max(0, this.read - FREE) - this.taken;
			if (more == 0) {
				return;
			}
			if (this.closed || RequestMemory.this.used.addAndGet(more) > RequestMemory.this.max) {
				if (!this.closed) {
					RequestMemory.this.used.addAndGet(-more);
				}
				throw new ExhaustedException();
			}
			this.taken += more;
		}

		@Override
		public synchronized void close() {
			this.closed = true;
			RequestMemory.this.used.addAndGet(-this.taken);
			this.taken = 0;
		}

	}

	/**
	 * Other requests hold all of it.
	 */
	public static final class ExhaustedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private ExhaustedException() {
			// nobody looks where it comes from, and many may come at a time
			super("Other requests hold all the memory that there is for requests", null, false, false);
		}

	}

}
