package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;

/**
 * Keeps the instances of a target as the registry last knew them, and asks it again while
 * calls are made: regularly by way of Spring Cloud's cache, and past it when an instance
 * was not where it should be. Calls do not wait for that once there are instances, but
 * after an idle time, and then not for long. Safe for concurrent use.
 * <p>
 * The list outlives a registry that throws, hangs or says that there is nothing, which
 * Spring Cloud also says when it could not be asked: an empty list is believed only when
 * it has been so for a minute in which no call succeeded.
 */
final class InstanceList {

	private static final Logger logger = LoggerFactory.getLogger(InstanceList.class);

	/** At that age the list is read again. */
	private static final long FRESH = Duration.ofSeconds(1).toNanos();

	/** How often the registry itself is asked at most. */
	private static final long PAST_CACHE = Duration.ofSeconds(1).toNanos();

	/** How often it is asked while there are instances that are not fit. */
	private static final long PAST_CACHE_UNFIT = Duration.ofSeconds(5).toNanos();

	/**
	 * How long a list may go unasked for, because nobody calls, and still be used: twice
	 * as long as Spring Cloud's cache would keep it.
	 */
	private static final long OUTDATED = Duration.ofSeconds(70).toNanos();

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration DISBELIEF = Duration.ofSeconds(60);

	private final String target;

	private final Registry registry;

	private final Balancer balancer;

	private final NanoClock clock;

	private final AtomicReference<@Nullable CompletableFuture<Void>> underWay = new AtomicReference<>();

	private volatile long askedAt;

	private volatile long askedPastCacheAt;

	private volatile long usableFrom;

	private volatile boolean suspect;

	private @Nullable Long emptySince;

	InstanceList(String target, Registry registry, Balancer balancer, NanoClock clock) {
		this.target = target;
		this.registry = registry;
		this.balancer = balancer;
		this.clock = clock;
		this.askedAt = clock.now() - FRESH;
		this.askedPastCacheAt = clock.now() - PAST_CACHE;
		this.usableFrom = clock.now();
	}

	/**
	 * Whether the list is so old that a call should wait for another one, if that comes
	 * soon.
	 */
	boolean isOutdated() {
		return this.clock.now() - this.usableFrom >= OUTDATED;
	}

	/**
	 * Says that the list has to do, because there is no other one soon.
	 */
	void makeDo() {
		this.usableFrom = this.clock.now();
	}

	/**
	 * Sees to it that the list is not too old; the call that asks for that is served by
	 * the one that there is.
	 */
	void freshen() {
		long now = this.clock.now();
		if (now - this.askedAt >= FRESH && this.underWay.get() == null) {
			long age = now - this.askedPastCacheAt;
			ask(isOutdated()
					|| (age >= PAST_CACHE && (this.suspect || (age >= PAST_CACHE_UNFIT && this.balancer.hasUnfit()))));
		}
	}

	/**
	 * An instance was not what the list says.
	 */
	void suspect() {
		this.suspect = true;
		if (this.clock.now() - this.askedPastCacheAt >= PAST_CACHE) {
			ask(true);
		}
	}

	/**
	 * The question under way, or {@code null} if there is none.
	 */
	@Nullable CompletableFuture<Void> underWay() {
		return this.underWay.get();
	}

	/**
	 * Asks for the list, unless that is under way.
	 * @return fails if there is no answer
	 */
	CompletableFuture<Void> ask(boolean pastCache) {
		CompletableFuture<Void> mine = new CompletableFuture<>();
		CompletableFuture<Void> other = this.underWay.compareAndExchange(null, mine);
		if (other != null) {
			return other;
		}
		this.askedAt = this.clock.now();
		if (pastCache) {
			this.askedPastCacheAt = this.askedAt;
			this.suspect = false;
		}
		this.registry.list(pastCache)
			// the registry's client may block
			.subscribeOn(Schedulers.boundedElastic())
			.timeout(PATIENCE)
			.subscribe(this::accept, (failure) -> end(mine, failure), () -> end(mine, null));
		return mine;
	}

	private void end(CompletableFuture<Void> asked, @Nullable Throwable failure) {
		makeDo();
		this.underWay.set(null);
		if (failure == null) {
			asked.complete(null);
			return;
		}
		logger.debug("The instances of {} could not be asked for: {}", this.target, failure.toString());
		asked.completeExceptionally(failure);
	}

	private void accept(List<ServiceInstance> listed) {
		if (!listed.isEmpty()) {
			this.emptySince = null;
			this.balancer.update(listed);
			return;
		}
		long now = this.clock.now();
		Long since = this.emptySince;
		if (since == null) {
			this.emptySince = now;
		}
		else if (now - since >= DISBELIEF.toNanos() && this.balancer.isFailingFor(DISBELIEF)) {
			this.balancer.update(listed);
		}
	}

	/**
	 * Knows the instances of the target.
	 */
	@FunctionalInterface
	interface Registry {

		/**
		 * Asks for them; may block on subscription.
		 * @param pastCache whether what was said shortly before will not do
		 */
		Mono<List<ServiceInstance>> list(boolean pastCache);

	}

}
