package dev.rpcboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call that succeeded, or whose first item has come. Results are decoded
 * at the edge, for each caller anew. Immutable.
 *
 * @param result the result, still encoded; {@code null} on the wire if it comes item by
 * item
 * @param headers headers of the answer
 * @param items the items of a stream, to be read once, or {@code null} if the result came
 * in one piece
 * @param combined the answers to the parts of a call that has several, or {@code null}
 * @since 0.1
 */
public record RpcResponse(EncodedResult result, RpcHeaders headers, @Nullable ResultItems items,
		@Nullable CombinedResult combined) {

	/** A result in one piece. */
	public RpcResponse(EncodedResult result, RpcHeaders headers) {
		this(result, headers, null, null);
	}

	/** A result that comes item by item, or in one piece. */
	public RpcResponse(EncodedResult result, RpcHeaders headers, @Nullable ResultItems items) {
		this(result, headers, items, null);
	}

	/**
	 * The answers to several parts, as one.
	 */
	public static RpcResponse combining(CombinedResult combined, RpcHeaders headers) {
		return new RpcResponse(EncodedResult.NULL, headers, null, combined);
	}

	/**
	 * Tells when a call is over: when its answer is there or it has failed, but for a
	 * stream only at its end. Who holds something for the call releases it then.
	 * @param action is given the answer, or the failure freed from what futures wrap
	 * around it; both for an answer of which a part failed by the target's fault; must
	 * not block
	 */
	public static void whenOver(CompletableFuture<RpcResponse> call,
			BiConsumer<@Nullable RpcResponse, @Nullable Throwable> action) {
		call.whenComplete((response, failure) -> {
			ResultItems items = (response != null) ? response.items() : null;
			if (items == null) {
				action.accept(response, judgedBy(response, failure));
			}
			else {
				items.over()
					.whenComplete((end, broken) -> action.accept((broken == null) ? response : null,
							(broken != null) ? Failures.unwrap(broken) : null));
			}
		});
	}

	/**
	 * The failure by which a call is judged: its own, freed from what futures wrap around
	 * it, or that of a part of it; {@code null} if all is well.
	 */
	public static @Nullable Throwable judgedBy(@Nullable RpcResponse response, @Nullable Throwable failure) {
		if (response == null) {
			return Failures.unwrap(failure);
		}
		return (response.combined() != null) ? response.combined().failure() : null;
	}

}
