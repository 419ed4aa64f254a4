package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.call.ItemLoop;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.jsonrpc.ResultArray;

/**
 * Makes one array of a stream, for a caller that does not read it item by item.
 */
final class ItemCollector implements ItemSource.Receiver<Object> {

	private final ItemSource<Object> items;

	private final ResultArray array;

	private final ItemLoop<Object> loop;

	private final CompletableFuture<byte[]> response = new CompletableFuture<>();

	private ItemCollector(ItemSource<Object> items, ResultArray array) {
		this.items = items;
		this.array = array;
		this.loop = new ItemLoop<>(items, this);
	}

	/**
	 * Collects all items. Whatever fails, the limit included, cancels the stream.
	 * @return completes with the whole response
	 */
	static CompletionStage<byte[]> collect(ItemSource<Object> items, ResultArray array) {
		ItemCollector collector = new ItemCollector(items, array);
		collector.loop.next();
		return collector.response;
	}

	@Override
	public void item(Object item) {
		try {
			this.array.add(item);
		}
		catch (Throwable ex) {
			// user code among it: accessors and serializers of the item
			this.items.cancel();
			this.response.completeExceptionally(new UnsendableException(ex));
			return;
		}
		this.loop.next();
	}

	@Override
	public void end() {
		try {
			this.response.complete(this.array.end());
		}
		catch (Exception ex) {
			this.response.completeExceptionally(new UnsendableException(ex));
		}
	}

	@Override
	public void failed(Throwable failure) {
		this.response.completeExceptionally(failure);
	}

	/**
	 * It is not the stream that failed, but what became of its items.
	 */
	static final class UnsendableException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnsendableException(Throwable cause) {
			super(null, cause, false, false);
		}

	}

}
