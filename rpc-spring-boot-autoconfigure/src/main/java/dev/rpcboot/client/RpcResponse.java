package dev.rpcboot.client;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.EncodedResult;

/**
 * The answer to a call that succeeded. Its result is decoded at the edge, for each caller
 * anew. Immutable.
 *
 * @param result the result, still encoded
 * @param headers headers of the answer
 * @since 0.1
 */
public record RpcResponse(EncodedResult result, RpcHeaders headers) {
}
