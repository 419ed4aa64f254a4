package dev.rpcboot.autoconfigure.server;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.server.idempotency.JdbcIdempotencyStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired outcomes from the database now and then, on a thread of its own. Every
 * instance does; it does no harm, and needs nobody to agree on who.
 */
final class ExpiredKeys implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ExpiredKeys.class);

	private final JdbcIdempotencyStore store;

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "rpc-idempotency-cleanup");
		thread.setDaemon(true);
		return thread;
	});

	ExpiredKeys(JdbcIdempotencyStore store, Duration interval) {
		this.store = store;
		this.timer.scheduleWithFixedDelay(this::remove, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void remove() {
		try {
			int removed = this.store.deleteExpired();
			logger.debug("Removed {} expired idempotency keys", removed);
		}
		catch (RuntimeException ex) {
			// a database that is away for a while; a task that throws is not run again
			logger.warn("Expired idempotency keys could not be removed", ex);
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}
