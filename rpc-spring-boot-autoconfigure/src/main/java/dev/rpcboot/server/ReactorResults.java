package dev.rpcboot.server;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * Hands over results of Reactor's type. The one class of the package that needs Reactor;
 * it is loaded when the first contract does.
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
	 * Whether this thread is one of those that must not be kept busy, Netty's own among
	 * them.
	 */
	static boolean isOnEventLoop() {
		return Schedulers.isInNonBlockingThread();
	}

}
