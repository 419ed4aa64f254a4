package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.CallerIdentity;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from memory where the configuration gives a method a time to live, and lets
 * identical calls share one exchange while it is under way. Failures are not kept. The
 * shared exchange has a deadline of its own, so that an impatient caller does not end it
 * for the others; it is cancelled when nobody waits for it any more. Who joined it late
 * and has time left after its deadline shares in another.
 *
 * @since 0.1
 */
public final class CacheInterceptor implements RpcClientInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(CacheInterceptor.class);

	/** By how much a server that was told of a deadline may come before it. */
	private static final Duration MOMENT = Duration.ofMillis(100);

	private final Cache<Key, Kept> cache;

	private final Map<Key, Flight> flights = new ConcurrentHashMap<>();

	private final CallTimer timer;

	private final Executor executor;

	/**
	 * Creates one.
	 * @param maxEntries most answers kept at a time
	 * @param timer ends shared exchanges at their deadline
	 * @param executor runs what exchanges that several callers share do later
	 */
	public CacheInterceptor(long maxEntries, CallTimer timer, Executor executor) {
		this.timer = timer;
		this.cache = Caffeine.newBuilder()
			.maximumSize(maxEntries)
			.expireAfter(Expiry.creating((Key key, Kept kept) -> kept.ttl()))
			.build();
		this.executor = executor;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.CACHE;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		CallSettings.Cache settings = request.settings().cache();
		if (request.method().returnKind().isStream()) {
			// its items are read once, by one caller
			return chain.proceed(request);
		}
		Object identity = (settings != null) ? identity(request, settings) : null;
		if (settings == null || identity == null) {
			return chain.proceed(request);
		}
		Key key = new Key(request.target(), request.method().method().getDeclaringClass(), request.method().fullName(),
				request.encodedArguments(), request.metadata(), identity);
		return answer(key, settings.ttl(), request, chain);
	}

	private CompletableFuture<RpcResponse> answer(Key key, Duration ttl, RpcRequest request, Chain chain) {
		Kept kept = this.cache.getIfPresent(key);
		return (kept != null) ? CompletableFuture.completedFuture(kept.response()) : join(key, ttl, request, chain);
	}

	/**
	 * What tells callers apart who must not see each other's answers; {@code null} if the
	 * caller is unknown, whose answers are not kept.
	 */
	private static @Nullable Object identity(RpcRequest request, CallSettings.Cache settings) {
		return switch (settings.scope()) {
			case SHARED -> CallSettings.Scope.SHARED;
			case PRINCIPAL -> request.attribute(CallerIdentity.class);
			case HEADERS -> {
				List<@Nullable String> values = new ArrayList<>();
				settings.headers().forEach((name) -> values.add(request.headers().first(name)));
				// one that is set further in, or missing, would make all callers one
				yield values.contains(null) ? null : values;
			}
		};
	}

	private CompletableFuture<RpcResponse> join(Key key, Duration ttl, RpcRequest request, Chain chain) {
		Flight own = new Flight(new CallContext(Deadline.after(patience(request), NanoClock.SYSTEM), false,
				this.executor, request.context().inbound()));
		Flight flight = this.flights.putIfAbsent(key, own);
		if (flight != null && flight.board()) {
			return flight.passenger(request.context())
				.exceptionallyCompose((failure) -> outlived(Failures.unwrap(failure), flight, request.context())
						? again(key, ttl, request, chain) : CompletableFuture.failedFuture(failure));
		}
		if (flight != null) {
			// everybody has just left it
			return chain.proceed(request);
		}
		CompletableFuture<RpcResponse> mine = own.passenger(request.context());
		RpcRequest shared = request.withContext(own.context());
		CallTimer.Task watchdog = this.timer.schedule(() -> {
			own.context().expire();
			this.flights.remove(key, own);
		}, own.context().remaining());
		chain.proceed(shared).whenComplete((response, failure) -> {
			watchdog.cancel();
			if (response != null) {
				keep(key, ttl, shared, response);
				this.flights.remove(key, own);
				own.answer().complete(response);
			}
			else {
				this.flights.remove(key, own);
				own.answer().completeExceptionally(Failures.unwrap(failure));
			}
		});
		return mine;
	}

	/**
	 * Not less than the caller has who starts it, so that it is the last of its calls.
	 */
	private static Duration patience(RpcRequest request) {
		Duration usual = request.settings().timeout();
		Duration left = request.context().remaining();
		return (left.compareTo(usual) > 0) ? left : usual;
	}

	/**
	 * Whether an exchange ended at a deadline that is not the caller's, who came later. A
	 * server that was told of one deadline cannot be told of a later one.
	 */
	private static boolean outlived(Throwable failure, Flight flight, CallContext caller) {
		// a server's own deadline, which came sooner, holds for all
		CallContext shared = flight.context();
		boolean late = shared.isDone() || shared.remaining().compareTo(MOMENT) <= 0;
		return late && failure instanceof RpcDeadlineExceededException && !caller.isDone();
	}

	/** Of all who outlived an exchange, the first starts another, and the others join. */
	private CompletableFuture<RpcResponse> again(Key key, Duration ttl, RpcRequest request, Chain chain) {
		CallContext context = request.context();
		if (context.isSent()) {
			// of the exchange that it has followed until now
			context.markSent();
		}
		return CompletableFuture.completedFuture(request)
			.thenComposeAsync((caller) -> answer(key, ttl, caller, chain), context::execute);
	}

	private void keep(Key key, Duration ttl, RpcRequest request, RpcResponse response) {
		try {
			request.decode(response);
			this.cache.put(key, new Kept(response, ttl));
		}
		// each caller is told when it decodes, whatever the failure
		catch (RuntimeException ex) {
			logger.debug("An answer to {} is not kept: {}", request, ex.toString());
		}
	}

	/**
	 * One exchange and those who wait for it.
	 */
	private static final class Flight {

		private final CallContext context;

		private final CompletableFuture<RpcResponse> answer = new CompletableFuture<>();

		private final AtomicInteger waiting = new AtomicInteger(1);

		Flight(CallContext context) {
			this.context = context;
		}

		CallContext context() {
			return this.context;
		}

		CompletableFuture<RpcResponse> answer() {
			return this.answer;
		}

		/** Takes a seat, unless everybody has left. */
		boolean board() {
			return this.waiting.getAndUpdate((count) -> (count > 0) ? count + 1 : 0) > 0;
		}

		/** A future of the caller's own: cancelling it must not cancel the others. */
		CompletableFuture<RpcResponse> passenger(CallContext caller) {
			CompletableFuture<RpcResponse> mine = new CompletableFuture<>();
			caller.follow(this.context);
			caller.onEnd(() -> {
				if (this.waiting.decrementAndGet() == 0) {
					this.context.cancel();
				}
			});
			this.answer.whenComplete((response, failure) -> {
				caller.onEnd(null);
				if (response != null) {
					mine.complete(response);
				}
				else {
					mine.completeExceptionally(failure);
				}
			});
			return mine;
		}

	}

	private record Kept(RpcResponse response, Duration ttl) {
	}

	/**
	 * Identical calls: of one method, with arguments and metadata that are equal on the
	 * wire, of callers who may see the same.
	 */
	private record Key(String target, Class<?> contract, String method, byte[] arguments, RpcMetadata metadata,
			Object identity) {

		@Override
		public boolean equals(Object other) {
			return other instanceof Key that && this.target.equals(that.target) && this.contract == that.contract
					&& this.method.equals(that.method) && this.metadata.equals(that.metadata)
					&& this.identity.equals(that.identity) && Arrays.equals(this.arguments, that.arguments);
		}

		@Override
		public int hashCode() {
			return 31 * (31 * this.method.hashCode() + Arrays.hashCode(this.arguments)) + this.identity.hashCode();
		}

	}

}
