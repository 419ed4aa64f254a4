package dev.rpcboot.client;

import java.util.concurrent.CompletionStage;

import dev.rpcboot.call.RpcMetadata;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * For methods that return a {@code Mono}: nothing happens before it is subscribed to,
 * each subscription is a call, with the metadata of where the method was called, and
 * disposing of it ends the exchange. Its result is handed over in the subscriber's
 * context, also one that is there at once. The one place on a call's way that knows
 * Reactor.
 */
final class MonoReturnAdapter implements ReturnAdapter {

	private final FutureReturnAdapter future;

	MonoReturnAdapter(FutureReturnAdapter future) {
		this.future = future;
	}

	@Override
	public Mono<Object> call(@Nullable Object[] arguments) {
		RpcMetadata metadata = RpcMetadata.outbound();
		IdempotencyKey key = IdempotencyKey.current();
		Mono<Object> call = Mono.defer(() -> Mono
			.fromFuture(IdempotencyKey.with(key, () -> metadata.call(() -> this.future.call(arguments)))));
		return new Mono<>() {

			@Override
			public void subscribe(CoreSubscriber<? super Object> subscriber) {
				ContextPropagation.with(subscriber.currentContext(), () -> call.subscribeWith(subscriber));
			}

		};
	}

	/** What a fallback bean's method returned, as a future. */
	static CompletionStage<?> toFuture(Object mono) {
		return ((Mono<?>) mono).toFuture();
	}

}
