package dev.rpcboot.client;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.ItemSource;
import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;

/**
 * The items of a streamed result, still encoded, in the order in which they come. Its
 * failures are those of a call. To be read once.
 *
 * @since 0.1
 */
public interface ResultItems extends ItemSource<EncodedResult> {

	/**
	 * Completes when the last item has come, and fails when the stream has broken or was
	 * cancelled.
	 */
	CompletableFuture<@Nullable Void> over();

	/**
	 * Ends the stream because an item that it gave is of no use. Unlike {@link #cancel()}
	 * it makes a failure of the call. Does nothing after the end.
	 */
	void refuse(Throwable failure);

}
