package dev.rpcboot.client;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Iterator;
import java.util.NoSuchElementException;

import dev.rpcboot.jsonrpc.EncodedResult;
import org.jspecify.annotations.Nullable;

/**
 * The items of a stream as an iterator that waits for them. A stream that is read to its
 * end, or fails, has ended; otherwise {@link #close()} ends it, or in the end the garbage
 * collector. Exceptions of the contract are thrown as they are, checked ones too, and
 * whoever asks again after a failure is given it again.
 */
final class ItemIterator implements Iterator<@Nullable Object>, AutoCloseable {

	private static final Cleaner CLEANER = Cleaner.create();

	private final ItemPull pull;

	private final StreamForm form;

	private final Cleaner.Cleanable cleanable;

	private State state = State.UNKNOWN;

	private @Nullable Object item;

	private @Nullable Throwable failure;

	ItemIterator(ItemPull pull, StreamForm form) {
		this.pull = pull;
		this.form = form;
		// must not hold the iterator itself
		this.cleanable = CLEANER.register(this, pull::close);
	}

	@Override
	public boolean hasNext() {
		if (this.state == State.UNKNOWN) {
			advance();
		}
		if (this.failure != null) {
			throw Failures.asIs(this.failure);
		}
		return this.state == State.THERE;
	}

	private void advance() {
		try {
			EncodedResult encoded = this.pull.next();
			if (encoded == null) {
				over();
				return;
			}
			this.item = this.form.decode(encoded, this.pull.items());
			this.state = State.THERE;
		}
		// an exception of the contract may be of any type
		catch (Throwable ex) {
			this.failure = ex;
			over();
		}
		finally {
			Reference.reachabilityFence(this);
		}
	}

	private void over() {
		this.state = State.OVER;
		this.cleanable.clean();
	}

	@Override
	public @Nullable Object next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		Object next = this.item;
		this.item = null;
		this.state = State.UNKNOWN;
		return next;
	}

	@Override
	public void close() {
		this.cleanable.clean();
	}

	private enum State {

		/** Nobody has looked. */
		UNKNOWN,

		/** There is an item. */
		THERE,

		/** There is nothing more. */
		OVER

	}

}
