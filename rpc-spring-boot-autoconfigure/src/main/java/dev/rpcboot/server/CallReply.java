package dev.rpcboot.server;

import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * How one call ended.
 *
 * @param error what went wrong, or {@code null} if nothing did
 * @param body the encoded response, or {@code null} if it was a notification
 * @since 0.1
 */
public record CallReply(@Nullable JsonRpcError error, byte @Nullable [] body) {
}
