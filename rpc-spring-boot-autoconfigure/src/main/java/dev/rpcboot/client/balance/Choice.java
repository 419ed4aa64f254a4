package dev.rpcboot.client.balance;

import dev.rpcboot.client.RpcInstance;
import org.jspecify.annotations.Nullable;

/**
 * An instance that was chosen for one attempt, to be told what becomes of it.
 */
interface Choice {

	RpcInstance instance();

	/**
	 * The attempt is made now.
	 */
	void started();

	/**
	 * The outcome is known; of a stream, whether it has begun.
	 * @param failure freed from what futures wrap around it, or {@code null}
	 */
	void answered(@Nullable Throwable failure);

	/**
	 * Nothing comes any more. May be told before {@link #answered}.
	 * @param failure freed from what futures wrap around it, or {@code null}
	 */
	void over(@Nullable Throwable failure);

}
