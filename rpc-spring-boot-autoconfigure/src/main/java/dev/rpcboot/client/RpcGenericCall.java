package dev.rpcboot.client;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import dev.rpcboot.Idempotency;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;

/**
 * A call of a method whose contract's interface is not there, for gateways, scripts and
 * tests. Immutable and safe for concurrent use: it can be kept and called many times.
 *
 * <pre>
 * Stock stock = client.generic("warehouse", "StockService")
 *     .method("find")
 *     .arguments("A-0001")
 *     .call(Stock.class);
 * </pre>
 *
 * It goes the way of every call, under the settings of its method. Arguments are encoded
 * by what they are at run time. What a contract would say has to be said here, or is not
 * known: without {@link #idempotency} it is repeated only if it certainly did not run and
 * is not answered from memory; an exception of the contract comes as
 * {@link dev.rpcboot.RpcRemoteException} with its type and attributes. No fallback bean
 * is asked. Observations bear the name of the service and the method, so a gateway should
 * only let names pass that it knows.
 *
 * @since 0.1
 * @see RpcClient#generic(String, String)
 */
public final class RpcGenericCall {

	private final DirectCalls calls;

	private final GenericMethod method;

	private final @Nullable Object[] arguments;

	private final @Nullable Duration timeout;

	private RpcGenericCall(DirectCalls calls, GenericMethod method, @Nullable Object[] arguments,
			@Nullable Duration timeout) {
		this.calls = calls;
		this.method = method;
		this.arguments = arguments;
		this.timeout = timeout;
	}

	static RpcGenericCall of(DirectCalls calls, String target, String service, String name) {
		return new RpcGenericCall(calls,
				new GenericMethod(target, service, name, Object.class, Idempotency.NONE, false), new Object[0], null);
	}

	/**
	 * A copy with these arguments, by position; {@code null} alone is one argument.
	 */
	public RpcGenericCall arguments(@Nullable Object @Nullable ... arguments) {
		@Nullable Object[] given = (arguments != null) ? arguments.clone() : new @Nullable Object[1];
		return new RpcGenericCall(this.calls, this.method.withNamed(false), given, this.timeout);
	}

	/**
	 * A copy with these arguments, by the names of the method's parameters.
	 */
	public RpcGenericCall named(Map<String, ? extends @Nullable Object> arguments) {
		Map<String, @Nullable Object> copy = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
		return new RpcGenericCall(this.calls, this.method.withNamed(true), new Object[] { copy }, this.timeout);
	}

	/**
	 * A copy that promises what repeating the method means, as its contract does.
	 */
	public RpcGenericCall idempotency(Idempotency idempotency) {
		return new RpcGenericCall(this.calls, this.method.withIdempotency(idempotency), this.arguments, this.timeout);
	}

	/**
	 * A copy with this longest time for a call, in place of the method's.
	 * @throws IllegalArgumentException if it is not positive
	 */
	public RpcGenericCall timeout(Duration timeout) {
		return new RpcGenericCall(this.calls, this.method, this.arguments, DirectCalls.checked(timeout));
	}

	/**
	 * Makes the call and waits.
	 * @param resultType type of the result: {@code Object.class} for plain JSON values,
	 * {@code void.class} to take none
	 * @return the result; {@code null} if it is {@code null}
	 * @throws IllegalArgumentException if an argument cannot be encoded
	 * @throws dev.rpcboot.call.RpcConfigurationException if the type must not cross the
	 * wire, as in a contract
	 * @throws dev.rpcboot.RpcException if it fails
	 */
	@SuppressWarnings("unchecked")
	public <R> @Nullable R call(Class<R> resultType) {
		// decoded as that type; a cast by it would refuse the primitive ones
		return (R) prepare(resultType).await();
	}

	/**
	 * Makes the call and waits; all that is said of {@link #call(Class)} holds for it.
	 * @param resultType type of the result, with its type arguments
	 */
	@SuppressWarnings("unchecked")
	public <R> @Nullable R call(ParameterizedTypeReference<R> resultType) {
		return (R) prepare(resultType.getType()).await();
	}

	/**
	 * Makes the call.
	 * @param resultType type of the result: {@code Object.class} for plain JSON values,
	 * {@code void.class} to take none
	 * @return completes and fails as {@link #call(Class)} does; cancelling it ends the
	 * call
	 * @throws dev.rpcboot.call.RpcConfigurationException if the type must not cross the
	 * wire, as in a contract
	 */
	@SuppressWarnings("unchecked")
	public <R> CompletableFuture<@Nullable R> callAsync(Class<R> resultType) {
		return (CompletableFuture<@Nullable R>) prepare(resultType).start();
	}

	/**
	 * Makes the call; all that is said of {@link #callAsync(Class)} holds for it.
	 * @param resultType type of the result, with its type arguments
	 */
	@SuppressWarnings("unchecked")
	public <R> CompletableFuture<@Nullable R> callAsync(ParameterizedTypeReference<R> resultType) {
		return (CompletableFuture<@Nullable R>) prepare(resultType.getType()).start();
	}

	private DirectCall prepare(Type resultType) {
		return this.calls.call(this.calls.generic(this.method.withResultType(resultType)), this.arguments, this.timeout,
				UnaryOperator.identity());
	}

}
