package dev.rpcboot.client.interceptor;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.RpcUnavailableException.Reason;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.client.BroadcastPolicy;
import dev.rpcboot.client.ClientStage;
import dev.rpcboot.client.Failures;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;

/**
 * Keeps calls back from a target that refuses them as overloaded, so that it has time for
 * those that it accepts. It looks at each target and each {@link Criticality} on its own:
 * what a server refuses first is held back first.
 *
 * @since 0.1
 */
public final class ThrottlingInterceptor implements RpcClientInterceptor {

	private static final Criticality[] CRITICALITIES = Criticality.values();

	private final NanoClock clock;

	private final DoubleSupplier random;

	private final Map<String, Throttle[]> targets = new ConcurrentHashMap<>();

	public ThrottlingInterceptor() {
		this(NanoClock.SYSTEM, () -> ThreadLocalRandom.current().nextDouble());
	}

	ThrottlingInterceptor(NanoClock clock, DoubleSupplier random) {
		this.clock = clock;
		this.random = random;
	}

	@Override
	public ClientStage stage() {
		return ClientStage.THROTTLE;
	}

	@Override
	public CompletableFuture<RpcResponse> intercept(RpcRequest request, Chain chain) {
		Double multiple = request.settings().resilience().throttling();
		if (multiple == null || request.attribute(BroadcastPolicy.class) != null) {
			// what is asked of every instance is refused by each for itself
			return chain.proceed(request);
		}
		Throttle throttle = throttle(request, multiple);
		if (!throttle.tryPass()) {
			return CompletableFuture.failedFuture(new RpcUnavailableException(
					request + " was not sent: " + request.target()
							+ " has refused so many calls as overloaded that some are held back for a while",
					Reason.THROTTLED, null));
		}
		CompletableFuture<RpcResponse> response = chain.proceed(request);
		response.whenComplete((answer, failed) -> {
			Throwable failure = (failed != null) ? Failures.unwrap(failed) : null;
			// of a call that was given up nobody knows
			if (!(failure instanceof CancellationException)) {
				throttle
					.over(failure instanceof RpcUnavailableException refused && refused.reason() == Reason.OVERLOADED);
			}
		});
		return response;
	}

	private Throttle throttle(RpcRequest request, double multiple) {
		Throttle[] throttles = this.targets.get(request.target());
		if (throttles == null) {
			throttles = this.targets.computeIfAbsent(request.target(), (target) -> create(multiple));
		}
		return throttles[request.criticality().ordinal()];
	}

	private Throttle[] create(double multiple) {
		Throttle[] throttles = new Throttle[CRITICALITIES.length];
		for (int i = 0; i < throttles.length; i++) {
			throttles[i] = new Throttle(multiple, this.clock, this.random);
		}
		return throttles;
	}

}
