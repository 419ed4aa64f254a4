package dev.rpcboot.client.balance;

import dev.rpcboot.client.Resilience;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.CompletionContext;
import org.springframework.cloud.client.loadbalancer.CompletionContext.Status;
import org.springframework.cloud.client.loadbalancer.LoadBalancerLifecycle;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.client.loadbalancer.TimedRequestContext;

/**
 * Learns from the calls of clients of Spring Cloud's how slow, busy and fit instances
 * are. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class BalancingLifecycle implements LoadBalancerLifecycle<Object, Object, ServiceInstance> {

	private final BalancedTargets targets;

	private final String target;

	/**
	 * Creates the one of a target.
	 */
	public BalancingLifecycle(BalancedTargets targets, String target) {
		this.targets = targets;
		this.target = target;
	}

	@Override
	public void onStart(Request<Object> request) {
	}

	@Override
	public void onStartRequest(Request<Object> request, Response<ServiceInstance> response) {
		Pick pick = pick(response);
		if (pick != null) {
			pick.begin();
			if (request.getContext() instanceof TimedRequestContext timed) {
				timed.setRequestStartTime(pick.begun());
			}
		}
	}

	@Override
	public void onComplete(CompletionContext<Object, ServiceInstance, Object> completion) {
		Pick pick = pick(completion.getLoadBalancerResponse());
		if (pick == null || completion.status() == Status.DISCARD) {
			return;
		}
		Outcome outcome = (completion.status() == Status.SUCCESS) ? Outcome.SUCCESS : Outcome.FAILURE;
		if (completion.getLoadBalancerRequest().getContext() instanceof TimedRequestContext timed) {
			pick.hasBegun(timed.getRequestStartTime());
		}
		else if (outcome == Outcome.SUCCESS) {
			// who knows how fast
			outcome = Outcome.ANSWERED;
		}
		pick.answered(outcome);
		pick.end();
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

}
