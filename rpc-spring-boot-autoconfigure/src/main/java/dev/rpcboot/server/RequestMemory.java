package dev.rpcboot.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.call.NanoClock;

/**
 * Bounds the bytes of all requests that are being read, and how slowly they may come: one
 * caller cannot send more than a request may have, but many could send slowly, until
 * nothing is left for others. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class RequestMemory {

	/** Of each request. */
	private static final int FREE = 16 * 1024;

	/** Time in which some bytes must come. */
	private static final long PERIOD = Duration.ofSeconds(5).toNanos();

	/** So many in that time, as far as the request goes on: 240 a second. */
	private static final int LEAST = 1200;

	private final long max;

	private final NanoClock clock;

	private final AtomicInteger readers = new AtomicInteger();

	private final AtomicLong used = new AtomicLong();

	/**
	 * Creates one.
	 * @param max bytes of all requests together
	 */
	RequestMemory(long max, NanoClock clock) {
		this.max = max;
		this.clock = clock;
	}

	/**
	 * Begins to read a request.
	 */
	public Share open() {
		return new Share();
	}

	/**
	 * How many requests are being read.
	 */
	int readers() {
		return this.readers.get();
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

		private long periodBegan = RequestMemory.this.clock.now();

		private long receivedInPeriod;

		private Share() {
			RequestMemory.this.readers.incrementAndGet();
		}

		/**
		 * Some bytes have come.
		 * @throws TooSlowException if they were too few for the time that they took
		 */
		public synchronized void received(int bytes) {
			this.receivedInPeriod += bytes;
			long now = RequestMemory.this.clock.now();
			if (now - this.periodBegan >= PERIOD) {
				if (this.receivedInPeriod < LEAST) {
					throw new TooSlowException();
				}
				this.periodBegan = now;
				this.receivedInPeriod = 0;
			}
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
			if (this.closed) {
				return;
			}
			this.closed = true;
			RequestMemory.this.readers.decrementAndGet();
			RequestMemory.this.used.addAndGet(-this.taken);
			this.taken = 0;
		}

	}

	/**
	 * A request comes so slowly that it is given up.
	 */
	public static final class TooSlowException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private TooSlowException() {
			super("The request comes too slowly", null, false, false);
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
