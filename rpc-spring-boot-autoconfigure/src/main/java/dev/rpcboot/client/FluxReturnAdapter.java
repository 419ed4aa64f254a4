package dev.rpcboot.client;

import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * For methods that return a {@code Flux}: nothing happens before it is subscribed to,
 * each subscription is a call, and cancelling it ends the exchange. Items are read as
 * they are requested, down to the socket, and handed over in the subscriber's context.
 */
final class FluxReturnAdapter implements ReturnAdapter {

	private final CallStarter starter;

	private final StreamForm form;

	private final Fallback fallback;

	private final Executor executor;

	FluxReturnAdapter(CallStarter starter, StreamForm form, Fallback fallback, Executor executor) {
		this.starter = starter;
		this.form = form;
		this.fallback = fallback;
		this.executor = executor;
	}

	@Override
	public Flux<Object> call(@Nullable Object[] arguments) {
		return Flux.defer(() -> {
			Items items = new Items(arguments);
			return items.onErrorResume((failure) -> !items.started() && this.fallback.servesAfter(failure),
					(failure) -> substitute(arguments, failure));
		});
	}

	@SuppressWarnings("unchecked")
	private Flux<Object> substitute(@Nullable Object[] arguments, Throwable failure) {
		try {
			Object substitute = this.fallback.call(arguments, failure);
			return (substitute != null) ? (Flux<Object>) substitute : Flux
				.error(new IllegalStateException("The fallback for " + this.starter.method() + " returned null"));
		}
		// an application's own code
		catch (Throwable ex) {
			return Flux.error(ex);
		}
	}

	/**
	 * The items of one call.
	 */
	private final class Items extends Flux<Object> {

		private final @Nullable Object[] arguments;

		private volatile @Nullable ItemSubscription subscription;

		private Items(@Nullable Object[] arguments) {
			this.arguments = arguments;
		}

		@Override
		public void subscribe(CoreSubscriber<? super Object> subscriber) {
			ContextPropagation.with(subscriber.currentContext(), () -> {
				Executor executor = ContextPropagation.ofThisThread(FluxReturnAdapter.this.executor);
				CallContext context = FluxReturnAdapter.this.starter.context(false, executor);
				ItemSubscription subscription = new ItemSubscription(subscriber, FluxReturnAdapter.this.form, context);
				this.subscription = subscription;
				subscriber.onSubscribe(subscription);
				return FluxReturnAdapter.this.starter.start(this.arguments, context).whenComplete(subscription::answer);
			});
		}

		private boolean started() {
			ItemSubscription subscription = this.subscription;
			return subscription != null && subscription.isStarted();
		}

	}

}
