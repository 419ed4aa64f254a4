package dev.rpcboot.autoconfigure.client;

/**
 * How a target as a whole is coped with; what {@link RpcClientProperties.Call} is for
 * calls.
 */
record Coping(RetryBudgetProperties retryBudget, ThrottlingProperties throttling,
		LoadBalancingProperties loadBalancing) {

	Coping orElse(Coping inherited) {
		return new Coping(this.retryBudget.orElse(inherited.retryBudget), this.throttling.orElse(inherited.throttling),
				this.loadBalancing.orElse(inherited.loadBalancing));
	}

}
