package dev.rpcboot.server.interceptor;

import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * What a convention can say of a served call.
 *
 * @since 0.1
 */
public interface ServedCall {

	/**
	 * {@code Service/method}, or {@code _OTHER} for a method that is not exported.
	 */
	String method();

	/**
	 * What went wrong, or {@code null} if nothing did or the call has not ended.
	 */
	@Nullable JsonRpcError error();

}
