package dev.rpcboot.client;

/**
 * One call of a {@code void} method of a contract, written as a lambda; all that is said
 * of {@link RpcCall} holds for it.
 *
 * @param <T> the contract
 * @since 0.1
 */
@FunctionalInterface
public interface RpcAction<T> {

	/**
	 * Makes the call.
	 * @throws Exception never by itself; lets a method be called that declares checked
	 * exceptions
	 */
	void run(T contract) throws Exception;

}
