package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

import dev.rpcboot.Execution;
import dev.rpcboot.InstanceOutcome;
import dev.rpcboot.RpcBroadcastException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.IdempotencyKey;
import dev.rpcboot.client.RpcClientInterceptor.Chain;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;

/**
 * One broadcast under way: gathers what becomes of it at each instance. Every instance is
 * asked under a context of its own, so that one can be ended while others go on.
 */
final class Gathering {

	private final RpcRequest request;

	private final BroadcastPolicy policy;

	private final List<RpcInstance> instances;

	private final List<CallContext> contexts;

	private final AtomicReferenceArray<@Nullable InstanceOutcome<?>> outcomes;

	private final CompletableFuture<RpcResponse> result = new CompletableFuture<>();

	private final long start = System.nanoTime();

	private int open;

	private boolean over;

	Gathering(RpcRequest request, BroadcastPolicy policy, List<RpcInstance> instances) {
		this.request = request;
		this.policy = policy;
		this.instances = instances;
		CallContext whole = request.context();
		this.contexts = instances.stream()
			.map((instance) -> new CallContext(whole.deadline(), false, whole.executor(), whole.inbound()))
			.toList();
		this.outcomes = new AtomicReferenceArray<>(instances.size());
		this.open = instances.size();
	}

	/**
	 * Asks every instance.
	 * @return completes when the broadcast is over
	 */
	CompletableFuture<RpcResponse> ask(Chain chain) {
		CallContext whole = this.request.context();
		whole.onEnd(this::abandon);
		for (int i = 0; i < this.instances.size() && !isOver(); i++) {
			int index = i;
			RpcInstance instance = this.instances.get(index);
			CallContext context = this.contexts.get(index);
			whole.addTried(instance);
			context.addTried(instance);
			chain.proceed(addressed(instance).withContext(context))
				.whenComplete((response, failure) -> settle(index, response, failure));
		}
		return this.result;
	}

	private RpcRequest addressed(RpcInstance instance) {
		IdempotencyKey key = this.request.attribute(IdempotencyKey.class);
		// each instance has to run it, though all may share one store of keys
		RpcRequest keyed = (key != null) ? this.request.withAttribute(IdempotencyKey.class, key.at(instance))
				: this.request;
		return keyed.withInstance(instance);
	}

	/**
	 * Ends the broadcast at its deadline: who has not answered has failed.
	 */
	void passDeadline() {
		try {
			this.request.context().executor().execute(this::expire);
		}
		catch (RejectedExecutionException ex) {
			// nobody else is left to tell the caller
			expire();
		}
	}

	private void settle(int index, @Nullable RpcResponse response, @Nullable Throwable failure) {
		InstanceOutcome<?> outcome = (response != null) ? decode(index, response)
				: outcome(index, null, Failures.unwrap(failure));
		synchronized (this) {
			if (this.over || !this.outcomes.compareAndSet(index, null, outcome)) {
				return;
			}
			this.open--;
			boolean enough = this.policy == BroadcastPolicy.FIRST_SUCCESS && outcome.isSuccess();
			if (this.open > 0 && !enough) {
				return;
			}
			this.over = true;
		}
		finish(CallContext::cancel);
	}

	private InstanceOutcome<?> decode(int index, RpcResponse response) {
		try {
			return outcome(index, this.request.decode(response), null);
		}
		// an application's own code, such as the constructor of a result, errors
		// included: the others wait for this outcome
		catch (Throwable ex) {
			return outcome(index, null, ex);
		}
	}

	private void expire() {
		if (end()) {
			finish(CallContext::expire);
		}
	}

	private void abandon() {
		if (end()) {
			this.contexts.forEach(this.request.context().isCancelled() ? CallContext::cancel : CallContext::expire);
			this.result.completeExceptionally(new CancellationException(this.request + " was ended by its caller"));
		}
	}

	private synchronized boolean isOver() {
		return this.over;
	}

	private synchronized boolean end() {
		boolean first = !this.over;
		this.over = true;
		return first;
	}

	/** Called once, by whoever has set that it is over. */
	private void finish(Consumer<CallContext> end) {
		this.request.context().onEnd(null);
		List<InstanceOutcome<?>> all = new ArrayList<>();
		for (int i = 0; i < this.outcomes.length(); i++) {
			InstanceOutcome<?> outcome = this.outcomes.get(i);
			if (outcome == null) {
				CallContext context = this.contexts.get(i);
				boolean sent = context.isSent();
				end.accept(context);
				outcome = outcome(i, null, context.isExpired() ? exceeded(i, sent) : unwanted(i));
			}
			all.add(outcome);
		}
		long successes = all.stream().filter(InstanceOutcome::isSuccess).count();
		int needed = this.policy.needed(all.size());
		if (successes >= needed) {
			this.result.complete(RpcResponse.ofInstances(all, RpcHeaders.EMPTY));
		}
		else {
			this.result.completeExceptionally(new RpcBroadcastException(this.request + " succeeded at " + successes
					+ " of " + all.size() + " instances; the policy " + this.policy + " needs " + needed, all));
		}
	}

	private InstanceOutcome<?> outcome(int index, @Nullable Object value, @Nullable Throwable failure) {
		RpcInstance instance = this.instances.get(index);
		return new InstanceOutcome<>(instance.id(), instance.endpoint(), value, failure,
				Duration.ofNanos(System.nanoTime() - this.start));
	}

	private RpcDeadlineExceededException exceeded(int index, boolean sent) {
		return new RpcDeadlineExceededException(
				this.request + " gave no answer at " + address(index) + " before the broadcast's deadline",
				sent ? Execution.UNKNOWN : Execution.NOT_EXECUTED, null);
	}

	private CancellationException unwanted(int index) {
		return new CancellationException(
				this.request + " was cancelled at " + address(index) + ": another instance has answered");
	}

	private String address(int index) {
		return this.instances.get(index).endpoint().getAuthority();
	}

}
