package dev.rpcboot.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Starts calls of one method: gives each its context and sends it down the pipeline. It
 * is here that the current thread is asked what it is serving, and what metadata and what
 * key its calls bear.
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
		return new CallContext((inbound != null) ? deadline.earlier(inbound.deadline()) : deadline, blocking, executor,
				inbound);
	}

	CompletableFuture<RpcResponse> start(@Nullable Object[] arguments, CallContext context) {
		RpcMetadata metadata = RpcMetadata.outbound();
		RpcRequest request = new RpcRequest(this.method, arguments, context);
		if (this.method.contract().idempotency() == Idempotency.KEYED) {
			request = request.withAttribute(IdempotencyKey.class, IdempotencyKey.forCall());
		}
		CompletableFuture<RpcResponse> response = this.pipeline.get()
			.call(this.change.apply(request.withMetadata(metadata)));
		if (this.method.form() instanceof StreamForm) {
			response.thenAccept((answer) -> {
				if (StreamForm.lacksItems(answer)) {
					// nobody else will end the stream that they come by
					context.cancel();
				}
			});
		}
		return response;
	}

	/**
	 * Makes a call and waits for its answer on this thread, which the caller leaves when
	 * it waits for nothing more.
	 * @throws Throwable whatever the call failed with
	 */
	RpcResponse await(@Nullable Object[] arguments, CallContext context, CallerThread thread) throws Throwable {
		CompletableFuture<RpcResponse> response = start(arguments, context);
		thread.await(response, context, this.method);
		if (!response.isDone()) {
			throw new RpcDeadlineExceededException(this.method + " was not answered before its deadline",
					context.isSent() ? Execution.UNKNOWN : Execution.NOT_EXECUTED, null);
		}
		if (response.isCompletedExceptionally()) {
			throw Failures.of(response);
		}
		return response.join();
	}

}
