package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.Hedge;
import dev.rpcboot.client.Resilience.Balancing;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;

/**
 * A target whose instances are chosen by what became of its calls.
 */
final class BalancedTarget implements Target {

	/**
	 * How long a call waits for the registry that has tried every instance, or is the
	 * first for a long time.
	 */
	private static final Duration ANOTHER = Duration.ofMillis(250);

	private final Balancer balancer;

	private final InstanceList list;

	private final SupplierChain suppliers;

	private final LifecycleCallbacks callbacks;

	BalancedTarget(Balancer balancer, InstanceList list, SupplierChain suppliers, LifecycleCallbacks callbacks) {
		this.balancer = balancer;
		this.list = list;
		this.suppliers = suppliers;
		this.callbacks = callbacks;
	}

	/**
	 * For what becomes of other calls than ours.
	 */
	Balancer balancer() {
		return this.balancer;
	}

	@Override
	public CompletableFuture<? extends Choice> choose(RpcRequest call) {
		boolean seen = !this.callbacks.isEmpty() || !this.suppliers.isIndifferent();
		Request<?> request = seen ? this.callbacks.request(call) : null;
		if (request != null) {
			this.callbacks.choosing(request);
		}
		Wish wish = wish(call);
		CompletableFuture<@Nullable Pick> pick = pick(wish, request, call.context());
		return pick.thenApply((picked) -> {
			if (picked == null) {
				if (request != null) {
					this.callbacks.discarded(request, new EmptyResponse());
				}
				throw LoadBalancingInterceptor.unavailable(call, null);
			}
			return new Chosen(picked, picked.member().at(wish.path()), call, request);
		});
	}

	/**
	 * Whether there is an instance that the call has not tried, and that is well.
	 */
	boolean hasOther(RpcRequest call) {
		return this.balancer.hasOther(call.context().tried(), call.settings().path());
	}

	private static Wish wish(RpcRequest call) {
		Balancing settings = call.settings().resilience().balancing();
		return new Wish(settings, call.context().tried(), call.settings().path(), call.attribute(Hedge.class) != null,
				call.method().idempotency().isRepeatable(),
				(settings.hashBy() != null) ? HashKey.of(call, settings.hashBy()) : null);
	}

	/**
	 * Chooses for a client of Spring Cloud's.
	 */
	Mono<Pick> pick(Balancing settings, Request<?> request) {
		Wish wish = new Wish(settings, List.of(), "", false, false, null);
		return Mono.defer(() -> Mono.fromFuture(pick(wish, request, null)));
	}

	private CompletableFuture<@Nullable Pick> pick(Wish wish, @Nullable Request<?> request,
			@Nullable CallContext context) {
		if (!this.suppliers.isIndifferent() && request != null) {
			return listed(request, context).map(this.balancer::rotation).toFuture().thenApply((rotation) -> {
				Pick pick = (rotation != null) ? this.balancer.pick(rotation, wish) : null;
				if (pick != null) {
					this.suppliers.chosen(pick.member().registered());
				}
				return pick;
			});
		}
		if (this.balancer.isEmpty()) {
			return this.list.ask(false).thenApply((asked) -> this.balancer.pick(wish));
		}
		boolean outdated = this.list.isOutdated();
		this.list.freshen();
		CompletableFuture<Void> underWay = this.list.underWay();
		long left = (context != null) ? context.deadline().remainingNanos() : Long.MAX_VALUE;
		if (outdated && underWay != null) {
			// most of its time is for the call: the instances may well be what they were
			return soon(underWay, left / 4).thenApply((asked) -> {
				this.list.makeDo();
				return this.balancer.pick(wish);
			});
		}
		Pick pick = this.balancer.pick(wish);
		if (underWay == null || context == null || !isOld(pick, wish)) {
			return CompletableFuture.completedFuture(pick);
		}
		if (pick != null) {
			pick.discard();
		}
		return soon(underWay, left).thenApply((asked) -> this.balancer.pick(wish));
	}

	/**
	 * A caller who waits asks on its own thread, as Spring Cloud's blocking clients do.
	 */
	private Mono<List<ServiceInstance>> listed(Request<?> request, @Nullable CallContext context) {
		boolean mayBlock = (context != null) ? context.isBlocking() : !Schedulers.isInNonBlockingThread();
		Mono<List<ServiceInstance>> list = Mono.defer(() -> this.suppliers.list(request));
		// the registry's client may block
		return mayBlock ? list : list.subscribeOn(Schedulers.boundedElastic());
	}

	private static CompletableFuture<@Nullable Void> soon(CompletableFuture<Void> underWay, long limit) {
		return underWay.<@Nullable Void>handle((asked, failure) -> null)
			.completeOnTimeout(null, Math.min(ANOTHER.toNanos(), limit), TimeUnit.NANOSECONDS);
	}

	/** Whether there is no other instance left to try. */
	private static boolean isOld(@Nullable Pick pick, Wish wish) {
		return !wish.tried().isEmpty() && !wish.mustDiffer()
				&& (pick == null || !pick.member().isOther(wish.tried(), wish.path()));
	}

	/**
	 * A choice of ours.
	 */
	private final class Chosen implements Choice {

		private final Pick pick;

		private final RpcInstance instance;

		private final RpcRequest call;

		private final @Nullable Request<?> request;

		private final DefaultResponse response;

		private long given;

		private volatile boolean well;

		Chosen(Pick pick, RpcInstance instance, RpcRequest call, @Nullable Request<?> request) {
			this.pick = pick;
			this.instance = instance;
			this.call = call;
			this.request = request;
			this.response = new DefaultResponse(pick.member().registered());
		}

		@Override
		public RpcInstance instance() {
			return this.instance;
		}

		@Override
		public void started() {
			this.given = this.call.context().deadline().remainingNanos();
			this.pick.begin();
			if (this.request != null) {
				BalancedTarget.this.callbacks.started(this.request, this.response);
			}
		}

		@Override
		public void answered(@Nullable Throwable failure) {
			Outcome outcome = outcome(failure);
			this.well = outcome == Outcome.SUCCESS;
			this.pick.answered(outcome);
			if (outcome.asksRegistry()) {
				BalancedTarget.this.list.suspect();
			}
		}

		@Override
		public void over(@Nullable Throwable failure) {
			this.pick.end();
			if (this.well && failure != null) {
				this.pick.broke(outcome(failure));
			}
			if (this.request != null) {
				BalancedTarget.this.callbacks.completed(this.request, this.response, failure);
			}
		}

		private Outcome outcome(@Nullable Throwable failure) {
			return Outcome.of(failure, this.call, this.given, BalancedTarget.this.balancer.usual());
		}

	}

}
