package dev.rpcboot.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import dev.rpcboot.InstanceOutcome;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a call that succeeded, or whose first item has come. Results are decoded
 * at the edge, for each caller anew. Immutable, but for the items of a stream, which are
 * read once.
 *
 * @since 0.1
 */
public final class RpcResponse {

	private final EncodedResult result;

	private final RpcHeaders headers;

	private final @Nullable ResultItems items;

	private final @Nullable CombinedResult combined;

	/**
	 * An answer whose result is in one piece, for interceptors that answer in the
	 * target's place. One that was received is changed by {@link #withHeaders}: only so
	 * it keeps what does not come in one piece.
	 */
	public RpcResponse(EncodedResult result, RpcHeaders headers) {
		this(result, headers, null, null);
	}

	/** An answer that comes item by item. */
	RpcResponse(EncodedResult result, RpcHeaders headers, ResultItems items) {
		this(result, headers, items, null);
	}

	private RpcResponse(EncodedResult result, RpcHeaders headers, @Nullable ResultItems items,
			@Nullable CombinedResult combined) {
		this.result = result;
		this.headers = headers;
		this.items = items;
		this.combined = combined;
	}

	/**
	 * The answer to a broadcast: what became of it at each instance.
	 */
	public static RpcResponse ofInstances(List<? extends InstanceOutcome<?>> outcomes, RpcHeaders headers) {
		return combining(new CombinedResult(outcomes, null), headers);
	}

	/**
	 * The answers to several parts, as one.
	 */
	static RpcResponse combining(CombinedResult combined, RpcHeaders headers) {
		return new RpcResponse(EncodedResult.NULL, headers, null, combined);
	}

	/**
	 * A copy with these headers in place of its own. It stands for the same answer: the
	 * items of a stream can still be read only once.
	 */
	public RpcResponse withHeaders(RpcHeaders headers) {
		return new RpcResponse(this.result, headers, this.items, this.combined);
	}

	/**
	 * The result, still encoded; {@link EncodedResult#NULL} where it comes item by item,
	 * or in several parts.
	 */
	public EncodedResult result() {
		return this.result;
	}

	/**
	 * Headers of the answer.
	 */
	public RpcHeaders headers() {
		return this.headers;
	}

	/**
	 * The items of a stream, to be read once, or {@code null} if the result came in one
	 * piece.
	 */
	public @Nullable ResultItems items() {
		return this.items;
	}

	/** The answers to the parts of a call that has several, or {@code null}. */
	@Nullable CombinedResult combined() {
		return this.combined;
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
