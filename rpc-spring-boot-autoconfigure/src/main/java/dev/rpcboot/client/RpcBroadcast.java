package dev.rpcboot.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.rpcboot.InstanceOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A call of all instances of a target at once, each exactly once. Immutable and safe for
 * concurrent use: it can be kept and used for many calls.
 *
 * <pre>
 * List&lt;InstanceOutcome&lt;Integer&gt;&gt; counts = client.broadcast(StockService.class, "warehouse")
 *     .policy(BroadcastPolicy.QUORUM)
 *     .timeout(Duration.ofSeconds(2))
 *     .call((stock) -&gt; stock.count());
 * </pre>
 *
 * The instances are those that the registry knows when the call starts; one that appears
 * later is not asked, and one that has gone fails. The call ends when every instance has
 * answered or failed, or at its deadline, at which those that are still silent have
 * failed with {@link dev.rpcboot.RpcDeadlineExceededException}; with
 * {@link BroadcastPolicy#FIRST_SUCCESS} it ends at the first result. Then the policy
 * decides: either the outcomes of all instances are the result, or they come with a
 * {@link dev.rpcboot.RpcBroadcastException}.
 * <p>
 * Interceptors of the call, circuit breaker and observation see one call, interceptors of
 * attempts see each instance. An instance is never asked twice, nothing comes from
 * memory, the load balancer is not told, and no fallback bean is asked. A future, a
 * {@code Mono} or a stream among the outcomes has its result or its items already.
 *
 * @param <T> the contract
 * @since 0.1
 * @see RpcClient#broadcast(Class, String)
 */
public final class RpcBroadcast<T> {

	private static final Consumer<Throwable> NOBODY = (failure) -> {
	};

	private final DirectCalls calls;

	private final PreparedContract<T> contract;

	private final BroadcastPolicy policy;

	private final @Nullable Duration timeout;

	RpcBroadcast(DirectCalls calls, PreparedContract<T> contract, BroadcastPolicy policy, @Nullable Duration timeout) {
		this.calls = calls;
		this.contract = contract;
		this.policy = policy;
		this.timeout = timeout;
	}

	/**
	 * A copy that succeeds by this policy, in place of {@link BroadcastPolicy#ALL}.
	 */
	public RpcBroadcast<T> policy(BroadcastPolicy policy) {
		return new RpcBroadcast<>(this.calls, this.contract, policy, this.timeout);
	}

	/**
	 * A copy with this longest time for all instances together, in place of the method's.
	 * @throws IllegalArgumentException if it is not positive
	 */
	public RpcBroadcast<T> timeout(Duration timeout) {
		return new RpcBroadcast<>(this.calls, this.contract, this.policy, DirectCalls.checked(timeout));
	}

	/**
	 * Makes the call at all instances and waits.
	 * @return what became of it at each instance, in no particular order; unmodifiable
	 * @throws IllegalArgumentException if the lambda does not make exactly one call
	 * @throws dev.rpcboot.RpcBroadcastException if the policy was not met
	 * @throws dev.rpcboot.RpcException if nobody was asked: the target has no instance,
	 * or the circuit breaker is open
	 */
	@SuppressWarnings("unchecked")
	public <R extends @Nullable Object> List<InstanceOutcome<R>> call(RpcCall<T, R> call) {
		// the lambda returned what the method returns
		return (List<InstanceOutcome<R>>) outcomes(prepare(Recording.of(this.contract, call)).await());
	}

	/**
	 * Makes the call at all instances.
	 * @return completes and fails as {@link #call} does; cancelling it ends the call at
	 * every instance
	 * @throws IllegalArgumentException if the lambda does not make exactly one call
	 */
	@SuppressWarnings("unchecked")
	public <R extends @Nullable Object> CompletableFuture<List<InstanceOutcome<R>>> callAsync(RpcCall<T, R> call) {
		return prepare(Recording.of(this.contract, call)).start((answer) -> (List<InstanceOutcome<R>>) outcomes(answer),
				NOBODY);
	}

	/**
	 * Makes a call of a {@code void} method at all instances and waits; all that is said
	 * of {@link #call} holds for it.
	 */
	@SuppressWarnings("unchecked")
	public List<InstanceOutcome<@Nullable Void>> run(RpcAction<T> action) {
		return (List<InstanceOutcome<@Nullable Void>>) outcomes(
				prepare(Recording.ofVoid(this.contract, action)).await());
	}

	/**
	 * Makes a call of a {@code void} method at all instances; all that is said of
	 * {@link #callAsync} holds for it.
	 */
	@SuppressWarnings("unchecked")
	public CompletableFuture<List<InstanceOutcome<@Nullable Void>>> runAsync(RpcAction<T> action) {
		return prepare(Recording.ofVoid(this.contract, action))
			.start((answer) -> (List<InstanceOutcome<@Nullable Void>>) outcomes(answer), NOBODY);
	}

	private DirectCall prepare(Recording.RecordedCall call) {
		return this.calls.call(call.method().client(), call.arguments(), this.timeout,
				(request) -> request.withAttribute(BroadcastPolicy.class, this.policy));
	}

	private List<?> outcomes(@Nullable Object answer) {
		if (answer instanceof List<?> outcomes && outcomes.stream().allMatch(InstanceOutcome.class::isInstance)) {
			return outcomes;
		}
		throw new IllegalStateException("An interceptor answered a broadcast on " + this.contract
				+ " in its target's place, but not by RpcResponse.ofInstances");
	}

}
