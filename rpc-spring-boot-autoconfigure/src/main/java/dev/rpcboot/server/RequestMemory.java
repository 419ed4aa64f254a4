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
	 * What one request takes of it; used by one thread at a time, and closed when the
	 * request has been read or given up.
	 */
	public final class Share implements AutoCloseable {

		private long taken;

		private Share() {
		}

		/**
		 * Takes more of it.
		 * @throws ExhaustedException if there is not so much left
		 */
		public void take(int bytes) {
			this.taken += bytes;
			if (RequestMemory.this.used.addAndGet(bytes) > RequestMemory.this.max) {
				throw new ExhaustedException();
			}
		}

		@Override
		public void close() {
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
