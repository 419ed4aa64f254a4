package dev.rpcboot.server.webflux;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.rpcboot.server.HttpAnswer;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import reactor.util.context.ContextView;

/**
 * Makes the security context, the observation and whatever else the request's Reactor
 * context bears those of the thread, by Micrometer's context propagation.
 *
 * @since 0.1
 */
public final class RequestThreadContext implements RpcWebHandler.ThreadContext {

	private final ContextSnapshotFactory snapshots;

	public RequestThreadContext(ContextSnapshotFactory snapshots) {
		this.snapshots = snapshots;
	}

	@Override
	@SuppressWarnings("try")
	public CompletionStage<HttpAnswer> within(ContextView context, Supplier<CompletionStage<HttpAnswer>> work) {
		try (ContextSnapshot.Scope scope = this.snapshots.setThreadLocalsFrom(context)) {
			return work.get();
		}
	}

}
