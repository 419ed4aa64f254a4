package dev.rpcboot.client.balance;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.rpcboot.client.Resilience;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.CompletionContext.Status;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;

/**
 * Learns from the calls of clients of Spring Cloud's how slow, busy and fit instances
 * are. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class BalancingLifecycle implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

	/**
	 * How long a call counts as under way at most: longer than nearly anybody waits for
	 * the head of an answer. Of a reactive call that was cancelled nothing is heard.
	 */
	static final Duration LONGEST = Duration.ofSeconds(60);

	private final BalancedTargets targets;

	private final String target;

	private final Scheduler scheduler;

	private final Map<Key, UnderWay> underWay = new ConcurrentHashMap<>();

	/**
	 * Creates the one of a target.
	 */
	public BalancingLifecycle(BalancedTargets targets, String target) {
		this(targets, target, Schedulers.parallel());
	}

	BalancingLifecycle(BalancedTargets targets, String target, Scheduler scheduler) {
		this.targets = targets;
		this.target = target;
		this.scheduler = scheduler;
	}

	@Override
	public void onStart(Request<Object> request) {
	}

	@Override
	public void onStartRequest(Request<Object> request, Response<ServiceInstance> response) {
		Pick pick = pick(response);
		if (pick == null) {
			return;
		}
		pick.begin();
		Key key = new Key(request);
		UnderWay before = this.underWay.put(key, new UnderWay(pick, forgetLater(key, pick)));
		if (before != null) {
			before.end();
		}
	}

	private Disposable forgetLater(Key key, Pick pick) {
		try {
			return this.scheduler.schedule(() -> forget(key, pick), LONGEST.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// this application is shutting down
			return Disposables.disposed();
		}
	}

	private void forget(Key key, Pick pick) {
		UnderWay forgotten = this.underWay.get(key);
		if (forgotten != null && forgotten.pick() == pick && this.underWay.remove(key, forgotten)) {
			pick.answered(Outcome.NONE);
			pick.end();
		}
	}

	@Override
	public void onComplete(CompletionContext<Object, ServiceInstance, Object> completion) {
		UnderWay ended = this.underWay.remove(new Key(completion.getLoadBalancerRequest()));
		boolean success = completion.status() == Status.SUCCESS;
		if (ended != null) {
			ended.pick().answered(success ? Outcome.SUCCESS : Outcome.FAILURE);
			ended.end();
			return;
		}
		Pick late = (completion.status() != Status.DISCARD) ? pick(completion.getLoadBalancerResponse()) : null;
		if (late != null) {
			late.hasBegunNow();
			late.answered(success ? Outcome.ANSWERED : Outcome.FAILURE);
		}
	}

	/**
	 * Such clients do not hand on what our load balancer gave them, so it is made again.
	 */
	private @Nullable Pick pick(@Nullable Response<ServiceInstance> response) {
		ServiceInstance instance = (response != null) ? response.getServer() : null;
		BalancedTarget balanced = this.targets.existing(this.target);
		if (instance == null || balanced == null) {
			return null;
		}
		Balancer balancer = balanced.balancer();
		Member member = balancer.member(instance);
		return (member != null) ? new Pick(balancer, member, Resilience.DEFAULTS.balancing(), !member.isFit()) : null;
	}

	/**
	 * A call that has begun.
	 *
	 * @param forgetting makes it count no more after a while
	 */
	private record UnderWay(Pick pick, Disposable forgetting) {

		void end() {
			this.forgetting.dispose();
			this.pick.end();
		}

	}

	/**
	 * A request as such: two with the same content are equal.
	 */
	private record Key(Request<?> request) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Key that && this.request == that.request;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this.request);
		}

	}

}
