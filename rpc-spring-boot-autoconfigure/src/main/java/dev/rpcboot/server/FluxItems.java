package dev.rpcboot.server;

import java.util.Objects;

import dev.rpcboot.call.ItemSource;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SignalType;

/**
 * The items of a Flux, requested one by one. Its end may come unasked; it is kept until
 * the next signal is asked for.
 */
final class FluxItems implements ItemSource<Object> {

	private final Flux<Object> items;

	private final Runnable released;

	private final Signals signals = new Signals();

	private boolean subscribed;

	// guarded by this, as is all below
	private @Nullable Receiver<? super Object> receiver;

	private boolean over;

	private @Nullable Throwable failure;

	FluxItems(Flux<Object> items, Runnable released) {
		this.items = items;
		this.released = released;
	}

	@Override
	public void next(Receiver<? super Object> receiver) {
		synchronized (this) {
			this.receiver = receiver;
		}
		if (!this.subscribed) {
			this.subscribed = true;
			this.items.subscribe(this.signals);
		}
		else if (!tellEnd()) {
			this.signals.request(1);
		}
	}

	@Override
	public void cancel() {
		this.signals.cancel();
		// a subscription that has not begun has no end either
		this.released.run();
	}

	private void over(@Nullable Throwable failure) {
		synchronized (this) {
			this.over = true;
			this.failure = failure;
		}
		tellEnd();
	}

	/**
	 * Tells whoever waits that there is nothing more, if that is so.
	 */
	private boolean tellEnd() {
		Receiver<? super Object> receiver;
		synchronized (this) {
			if (!this.over) {
				return false;
			}
			receiver = this.receiver;
			this.receiver = null;
		}
		if (receiver != null) {
			if (this.failure != null) {
				receiver.failed(this.failure);
			}
			else {
				receiver.end();
			}
		}
		return true;
	}

	private final class Signals extends BaseSubscriber<Object> {

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			request(1);
		}

		@Override
		protected void hookOnNext(Object item) {
			Receiver<? super Object> receiver;
			synchronized (FluxItems.this) {
				receiver = Objects.requireNonNull(FluxItems.this.receiver);
				FluxItems.this.receiver = null;
			}
			receiver.item(item);
		}

		@Override
		protected void hookOnComplete() {
			over(null);
		}

		@Override
		protected void hookOnError(Throwable failure) {
			over(failure);
		}

		@Override
		protected void hookFinally(SignalType type) {
			FluxItems.this.released.run();
		}

	}

}
