package dev.rpcboot.client;

import org.jspecify.annotations.Nullable;

/**
 * One call of a contract, written as a lambda. It is run once, on a stand-in of the
 * contract that sends nothing and only notes which method is called with which arguments.
 * So it has to make exactly one remote call, itself or by a default method of the
 * contract, and return what that returns; anything it made of the result would be made of
 * the {@code null}, zero or {@code false} that the stand-in returns.
 *
 * <pre>
 * (stock) -&gt; stock.find("A-0001")
 * </pre>
 *
 * @param <T> the contract
 * @param <R> what the method returns
 * @since 0.1
 */
@FunctionalInterface
public interface RpcCall<T, R extends @Nullable Object> {

	/**
	 * Makes the call.
	 * @throws Exception never by itself; lets a method be called that declares checked
	 * exceptions
	 */
	R call(T contract) throws Exception;

}
