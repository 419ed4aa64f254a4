package dev.rpcboot.client.interceptor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import dev.rpcboot.call.ContractMethod;
import dev.rpcboot.Idempotency;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import org.jspecify.annotations.Nullable;

/**
 * Makes a second attempt, at another instance, beside one that takes longer than nearly
 * all calls of its method, and takes the answer that comes first. Only for methods whose
 * contract says that they may be repeated, and only for so many calls as the budget of
 * the target allows: a target of which all instances are slow must not get twice the
 * load. Of a keyed call the provider runs one attempt, and answers the other with what
 * that one gave.
 *
 * @since 0.1
 */
public final class HedgingInterceptor implements RpcClientInterceptor {

	/** Below it the time is noise. */
	private static final long LEAST_DELAY = Duration.ofMillis(1).toNanos();

	/** Which part of its time a call is given while too little is known of others. */
	private static final int UNKNOWN_PART = 4;

	private final CallTimer timer;

	private final Executor executor;

	private final NanoClock clock;

	private final Map<String, Target> targets = new ConcurrentHashMap<>();

	/**
	 * Creates one.
	 * @param timer notices that an attempt is slow
	 * @param executor makes the second attempts of callers who wait
	 */
	public HedgingInterceptor(CallTimer timer, Executor executor) {
		this(timer, executor, NanoClock.SYSTEM);
	}

	HedgingInterceptor(CallTimer timer, Executor executor, NanoClock clock) {
		this.timer = timer;
		this.executor = executor;
		this.clock = clock;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.HEDGE;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		Resilience.Hedging hedging = request.settings().resilience().hedging();
		if (hedging == null || !mayHedge(request, hedging)) {
			return chain.proceed(request);
		}
		Target target = target(request.target(), hedging);
		LatencyHistogram latency = target.latency(request.method(), hedging);
		target.budget.deposit();
		long start = this.clock.now();
		long usual = latency.quantile();
		long left = request.context().deadline().remainingNanos();
		CompletableFuture<RpcResponse> response;
		if (usual >= left) {
			response = chain.proceed(request);
		}
		else {
			long delay = (usual > 0) ? usual : left / UNKNOWN_PART;
			HedgedCall call = new HedgedCall(request, chain, target.budget, this.timer, this.executor);
			response = call.start(Duration.ofNanos(Math.max(delay, LEAST_DELAY)));
		}
		response.whenComplete((answer, failure) -> {
			if (isAnswer(failure)) {
				latency.add(this.clock.now() - start);
			}
		});
		return response;
	}

	private static boolean mayHedge(RpcRequest request, Resilience.Hedging hedging) {
		InboundCall inbound = request.context().inbound();
		boolean whole = !request.method().oneWay() && !request.method().returnKind().isStream() && !request.isBatch()
				&& request.attribute(BroadcastPolicy.class) == null;
		Idempotency idempotency = request.method().idempotency();
		boolean harmless = idempotency.isRepeatable() && (idempotency != Idempotency.KEYED || hedging.keyed());
		// a fixed address leaves no other instance to ask
		return whole && harmless && request.settings().url() == null
				&& request.attempt() < request.settings().maxAttempts() && (inbound == null || !inbound.isRepeated());
	}

	private static boolean isAnswer(@Nullable Throwable failure) {
		return failure == null || HedgedCall.isAnswer(failure);
	}

	private Target target(String name, Resilience.Hedging hedging) {
		Target target = this.targets.get(name);
		return (target != null) ? target : this.targets.computeIfAbsent(name,
				(key) -> new Target(new AttemptBudget(hedging.budget(), this.clock), new ConcurrentHashMap<>()));
	}

	/**
	 * What is known of a target.
	 *
	 * @param budget of second attempts
	 * @param latencies by the names of its services and their methods
	 */
	private record Target(AttemptBudget budget, Map<String, Map<String, LatencyHistogram>> latencies) {

		LatencyHistogram latency(ContractMethod method, Resilience.Hedging hedging) {
			Map<String, LatencyHistogram> service = this.latencies.get(method.service());
			LatencyHistogram latency = (service != null) ? service.get(method.name()) : null;
			return (latency != null) ? latency
					: this.latencies.computeIfAbsent(method.service(), (key) -> new ConcurrentHashMap<>())
						.computeIfAbsent(method.name(), (key) -> new LatencyHistogram(hedging.quantile()));
		}

	}

}
