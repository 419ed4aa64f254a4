package dev.rpcboot.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.util.ClassUtils;

/**
 * For methods that return a {@code Mono}: nothing happens before it is subscribed to,
 * each subscription is a call, and disposing of it ends the exchange. The one place on a
 * call's way that knows Reactor.
 */
final class MonoReturnAdapter implements ReturnAdapter {

	private static final boolean CONTEXT_PROPAGATION = ClassUtils
		.isPresent("io.micrometer.context.ContextSnapshotFactory", MonoReturnAdapter.class.getClassLoader());

	private final FutureReturnAdapter future;

	MonoReturnAdapter(FutureReturnAdapter future) {
		this.future = future;
	}

	@Override
	public Mono<Object> call(@Nullable Object[] arguments) {
		return Mono.deferContextual((context) -> Mono.fromFuture(start(arguments, context)));
	}

	/**
	 * Starts the call with the thread-locals that the subscriber's context stands for:
	 * the call being served, the observation, the security context.
	 */
	private CompletableFuture<@Nullable Object> start(@Nullable Object[] arguments, ContextView context) {
		return (CONTEXT_PROPAGATION && !context.isEmpty()) ? Propagation.start(this.future, arguments, context)
				: this.future.call(arguments);
	}

	/** What a fallback bean's method returned, as a future. */
	static CompletionStage<?> toFuture(Object mono) {
		return ((Mono<?>) mono).toFuture();
	}

	/** Loaded only where Micrometer's library is present. */
	private static final class Propagation {

		private static final ContextSnapshotFactory SNAPSHOTS = ContextSnapshotFactory.builder().build();

		static CompletableFuture<@Nullable Object> start(FutureReturnAdapter future, @Nullable Object[] arguments,
				ContextView context) {
			ContextSnapshot snapshot = SNAPSHOTS.captureFrom(context);
			try (ContextSnapshot.Scope scope = snapshot.setThreadLocals()) {
				return future.call(arguments);
			}
		}

	}

}
