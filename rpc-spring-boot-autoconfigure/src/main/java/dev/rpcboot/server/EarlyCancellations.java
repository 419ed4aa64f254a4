package dev.rpcboot.server;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.rpcboot.call.NanoClock;

/**
 * Cancellations that have overtaken what they cancel: they come over another connection,
 * and nothing says which of two a busy server reads first. Most are of requests that have
 * ended, which nobody can tell from those, so each is kept for a short time only, and
 * only so many are kept. Safe for concurrent use.
 *
 * @param <K> names a request
 */
final class EarlyCancellations<K> {

	private static final int MOST = 1000;

	private static final long TIME = Duration.ofSeconds(5).toNanos();

	private final NanoClock clock;

	// the oldest first; guarded by this
	private final Map<K, Long> kept = new LinkedHashMap<>();

	// so that a request that nobody cancels takes no lock
	private volatile boolean any;

	EarlyCancellations(NanoClock clock) {
		this.clock = clock;
	}

	synchronized void add(K request) {
		long now = this.clock.now();
		this.kept.putIfAbsent(request, now);
		Iterator<Long> times = this.kept.values().iterator();
		while (times.hasNext() && (now - times.next() >= TIME || this.kept.size() > MOST)) {
			times.remove();
		}
		this.any = true;
	}

	/**
	 * Forgets the cancellation of a request that has come.
	 * @return whether there is one
	 */
	boolean remove(K request) {
		return this.any && removeKept(request);
	}

	private synchronized boolean removeKept(K request) {
		Long since = this.kept.remove(request);
		this.any = !this.kept.isEmpty();
		return since != null && this.clock.now() - since < TIME;
	}

}
