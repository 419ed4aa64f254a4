package dev.rpcboot.client;

import java.util.concurrent.CompletionStage;

import dev.rpcboot.call.RpcMetadata;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * For methods that return a {@code Mono}: nothing happens before it is subscribed to,
 * each subscription is a call, with the metadata of where the method was called, and
 * disposing of it ends the exchange. The one place on a call's way that knows Reactor.
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
		return Mono.deferContextual((context) -> Mono.fromFuture(ContextPropagation.with(context,
				() -> IdempotencyKey.with(key, () -> metadata.call(() -> this.future.call(arguments))))));
	}

	/** What a fallback bean's method returned, as a future. */
	static CompletionStage<?> toFuture(Object mono) {
		return ((Mono<?>) mono).toFuture();
	}

}
