package dev.rpcboot.server.webflux;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.rpcboot.server.HttpAnswer;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Makes the observation, the security context and whatever else the request's Reactor
 * context bears those of the thread, by Micrometer's context propagation.
 *
 * @since 0.1
 */
public final class RequestThreadContext implements RpcWebHandler.ThreadContext {

	private final ContextSnapshotFactory snapshots;

	private final Mono<? extends ContextView> additions;

	/**
	 * Creates one.
	 * @param additions gives, under the request's context, what is to be added to it;
	 * never empty
	 */
	public RequestThreadContext(ContextSnapshotFactory snapshots, Mono<? extends ContextView> additions) {
		this.snapshots = snapshots;
		this.additions = additions;
	}

	@Override
	public Mono<HttpAnswer> within(Function<ContextView, CompletionStage<HttpAnswer>> work) {
		return this.additions.flatMap((more) -> Mono
			.deferContextual((context) -> Mono.fromCompletionStage(run(Context.of(context).putAll(more), work))));
	}

	@SuppressWarnings("try")
	private CompletionStage<HttpAnswer> run(ContextView context,
			Function<ContextView, CompletionStage<HttpAnswer>> work) {
		try (ContextSnapshot.Scope scope = this.snapshots.setThreadLocalsFrom(context)) {
			return work.apply(context);
		}
	}

}
