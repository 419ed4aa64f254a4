package dev.rpcboot.call;

/**
 * Gives the items of a stream one at a time, each when it is asked for. Demand is always
 * one, so that whoever reads slowly slows down whoever produces, with nothing to count.
 *
 * @param <T> type of the items
 * @since 0.1
 */
public interface ItemSource<T> {

	/**
	 * Asks for the next signal. There is at most one request at a time, and none after
	 * the end, a failure or {@link #cancel()}. Does not block.
	 * @param receiver is told exactly once, before this returns or later on any thread;
	 * not at all if the source is cancelled first
	 */
	void next(Receiver<? super T> receiver);

	/**
	 * Says that nothing more is wanted; whatever produces the items stops. May be called
	 * on any thread and more than once; does nothing after the end.
	 */
	void cancel();

	/**
	 * Is told what came.
	 *
	 * @param <T> type of the items
	 */
	interface Receiver<T> {

		/** An item. */
		void item(T item);

		/** There are no more items. */
		void end();

		/** There are no more items, because of this. */
		void failed(Throwable failure);

	}

}
