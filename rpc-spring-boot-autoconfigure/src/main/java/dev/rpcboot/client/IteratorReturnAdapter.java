package dev.rpcboot.client;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

/**
 * For methods that return an {@link Iterator} or a {@link Stream}: the call is made at
 * once and returns with the first item, so that what fails is the call; the others are
 * waited for when they are asked for.
 */
final class IteratorReturnAdapter implements ReturnAdapter {

	private final CallStarter starter;

	private final StreamForm form;

	private final Fallback fallback;

	private final boolean asStream;

	/**
	 * Creates one.
	 * @param asStream whether the method returns a {@link Stream}
	 */
	IteratorReturnAdapter(CallStarter starter, StreamForm form, Fallback fallback, boolean asStream) {
		this.starter = starter;
		this.form = form;
		this.fallback = fallback;
		this.asStream = asStream;
	}

	@Override
	public @Nullable Object call(@Nullable Object[] arguments) throws Throwable {
		try {
			ItemIterator items = open(arguments);
			return this.asStream ? stream(items) : items;
		}
		catch (Throwable failure) {
			if (this.fallback.servesAfter(failure)) {
				return this.fallback.call(arguments, failure);
			}
			throw failure;
		}
	}

	private ItemIterator open(@Nullable Object[] arguments) throws Throwable {
		CallerThread thread = new CallerThread();
		// the thread waits, but the exchange goes on while it does not
		CallContext context = this.starter.context(false, thread);
		try {
			RpcResponse response = this.starter.await(arguments, context, thread);
			return new ItemIterator(new ItemPull(this.form.items(response), thread, context, this.starter.method()),
					this.form);
		}
		catch (Throwable failure) {
			thread.leave();
			throw failure;
		}
	}

	private static Stream<@Nullable Object> stream(ItemIterator items) {
		return StreamSupport
			.<@Nullable Object>stream(Spliterators.spliteratorUnknownSize(items, Spliterator.ORDERED), false)
			.onClose(items::close);
	}

}
