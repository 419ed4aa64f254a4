package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.jsonrpc.JsonRpcError;
import org.jspecify.annotations.Nullable;

/**
 * How one call ended or, if its result is a stream, that it has begun.
 *
 * @param error what went wrong, or {@code null} if nothing did
 * @param body the encoded response, or {@code null} if it was a notification or is a
 * stream
 * @param events the stream, or {@code null} if it is none
 * @since 0.1
 */
public record CallReply(@Nullable JsonRpcError error, byte @Nullable [] body, @Nullable EventStream events) {

	/**
	 * The reply to a call that has ended.
	 */
	public CallReply(@Nullable JsonRpcError error, byte @Nullable [] body) {
		this(error, body, null);
	}

	/**
	 * How the call ended, when it has: completes with what went wrong, or with
	 * {@code null} if nothing did.
	 */
	public CompletionStage<@Nullable JsonRpcError> whenOver() {
		return (this.events != null) ? this.events.whenOver() : CompletableFuture.completedStage(this.error);
	}

}
