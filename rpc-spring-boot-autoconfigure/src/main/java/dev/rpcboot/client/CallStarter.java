package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Starts calls of one method: gives each its context and sends it down the pipeline. It
 * is here that the current thread is asked what it is serving.
 */
final class CallStarter {

	private final ClientMethod method;

	private final Supplier<ClientPipeline> pipeline;

	private final NanoClock clock;

	private final Duration timeout;

	private final UnaryOperator<RpcRequest> change;

	CallStarter(ClientMethod method, Supplier<ClientPipeline> pipeline, NanoClock clock) {
		this(method, pipeline, clock, method.settings().timeout(), UnaryOperator.identity());
	}

	/**
	 * Creates one for calls whose caller asks for something of its own.
	 * @param timeout longest time for a call
	 * @param change adds to the request what the method does not say
	 */
	CallStarter(ClientMethod method, Supplier<ClientPipeline> pipeline, NanoClock clock, Duration timeout,
			UnaryOperator<RpcRequest> change) {
		this.method = method;
		this.pipeline = pipeline;
		this.clock = clock;
		this.timeout = timeout;
		this.change = change;
	}

	ClientMethod method() {
		return this.method;
	}

	/**
	 * The context of a call that starts now. Its deadline is that of the method, or that
	 * of the call being served by this thread if it is earlier.
	 */
	CallContext context(boolean blocking, Executor executor) {
		Deadline deadline = Deadline.after(this.timeout, this.clock);
		InboundCall inbound = InboundCall.current();
		return new CallContext((inbound != null) ? deadline.earlier(inbound.deadline()) : deadline, blocking, executor);
	}

	CompletableFuture<RpcResponse> start(@Nullable Object[] arguments, CallContext context) {
		return this.pipeline.get().call(this.change.apply(new RpcRequest(this.method, arguments, context)));
	}

}
