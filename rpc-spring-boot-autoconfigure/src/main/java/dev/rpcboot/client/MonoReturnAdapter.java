package dev.rpcboot.client;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * For methods that return a {@code Mono}: nothing happens before it is subscribed to,
 * each subscription is a call, and disposing of it ends the exchange. The one place on a
 * call's way that knows Reactor.
 */
final class MonoReturnAdapter implements ReturnAdapter {

	private final FutureReturnAdapter future;

	MonoReturnAdapter(FutureReturnAdapter future) {
		this.future = future;
	}

	@Override
	public Mono<Object> call(@Nullable Object[] arguments) {
		return Mono.deferContextual(
				(context) -> Mono.fromFuture(ContextPropagation.with(context, () -> this.future.call(arguments))));
	}

	/** What a fallback bean's method returned, as a future. */
	static CompletionStage<?> toFuture(Object mono) {
		return ((Mono<?>) mono).toFuture();
	}

}
