package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.ItemSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Hands over results of Reactor's types. With {@link FluxItems} the only class of the
 * package that needs Reactor; it is loaded when the first contract does.
 */
final class ReactorResults {

	private ReactorResults() {
	}

	/**
	 * Subscribes under the context of the request and of this thread. Cancelling the
	 * future cancels the subscription.
	 */
	static CompletableFuture<@Nullable Object> subscribe(Object mono, @Nullable Object reactorContext) {
		Mono<?> result = ((Mono<?>) mono).contextCapture();
		if (reactorContext instanceof ContextView context) {
			result = result.contextWrite((own) -> own.putAll(context));
		}
		return result.<@Nullable Object>map((value) -> value).toFuture();
	}

	/**
	 * Takes the items of a Flux, each when it is asked for; subscribes with the first,
	 * under the same contexts.
	 * @param released is told when the subscription is over
	 */
	@SuppressWarnings("unchecked")
	static ItemSource<Object> items(Object flux, @Nullable Object reactorContext, Runnable released) {
		Flux<Object> items = ((Flux<Object>) flux).contextCapture();
		if (reactorContext instanceof ContextView context) {
			items = items.contextWrite((own) -> own.putAll(context));
		}
		return new FluxItems(items, released);
	}

}
