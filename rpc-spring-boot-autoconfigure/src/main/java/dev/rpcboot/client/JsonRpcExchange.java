package dev.rpcboot.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.ItemSource;
import dev.rpcboot.call.RpcHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The end of the pipeline: encodes the request, hands it to the transport and reads what
 * comes back.
 */
final class JsonRpcExchange implements RpcClientInterceptor.Chain {

	/** One call, which asks whether more may come with it. */
	private static final String ALONE = "1";

	private final CompressedTransport transport;

	private final CoalescingTransport coalescing;

	private final CallCancellation cancellation;

	private final CallTimer timer;

	private final AtomicLong ids = new AtomicLong();

	JsonRpcExchange(RpcTransport transport, CallTimer timer) {
		this.transport = new CompressedTransport(transport);
		// what nobody asked to be compressed is not read there either
		this.coalescing = new CoalescingTransport(
				(message, context) -> this.transport.exchange(message, CallSettings.Compression.NONE, context), timer);
		this.cancellation = new CallCancellation(transport);
		this.timer = timer;
	}

	@Override
	public CompletableFuture<RpcResponse> proceed(RpcRequest request) {
		RpcInstance instance = request.instance();
		if (instance == null) {
			throw new IllegalStateException("No stage chose an instance for " + request);
		}
		CallContext context = request.context();
		if (context.isDone()) {
			return CompletableFuture.failedFuture(ended(request));
		}
		if (request.attribute(Hedge.class) != null && Collections.frequency(context.tried(), instance) > 1) {
			// a stage of the application's own that knows nothing of hedges
			return CompletableFuture
				.failedFuture(new RpcUnavailableException(request + " has no other instance to be made at",
						RpcUnavailableException.Reason.NO_INSTANCE, null));
		}
		ClientMethod method = request.prepared();
		WireForm form = method.form();
		@Nullable Object[] arguments = request.rawArguments();
		long id = 1 + this.ids.getAndAdd(form.ids(arguments));
		String callId = this.cancellation.idFor(request);
		RpcTransport.Message message = new RpcTransport.Message(method.uri(instance), headers(request, callId),
				form.encode(id, arguments), request.settings().transport(), method.toString());
		CompletableFuture<RpcResponse> response = new CompletableFuture<>();
		if (callId != null) {
			this.cancellation.watch(response, request, callId, message);
		}
		exchange(message, request).whenComplete((answer, failure) -> {
			if (answer == null) {
				fail(response, Failures.unwrap(failure), context);
				return;
			}
			ItemSource<byte[]> events = answer.events();
			if (events != null) {
				new EventItems(events, (data) -> form.readEvent(data, answer, request, id), request, this.timer)
					.open(answer.headers(), response);
				return;
			}
			try {
				RpcResponse read = form.read(answer, request, id);
				context.markMayHaveRun();
				response.complete(read);
			}
			// the contract's own exceptions may be of any type
			catch (Throwable ex) {
				fail(response, ex, context);
			}
		});
		return response;
	}

	private CompletableFuture<RpcTransport.Answer> exchange(RpcTransport.Message message, RpcRequest request) {
		return mayTravelWithOthers(request) ? this.coalescing.exchange(message, request.method(), request.context())
				: this.transport.exchange(message, request.settings().compression(), request.context());
	}

	private static boolean mayTravelWithOthers(RpcRequest request) {
		CallSettings settings = request.settings();
		// by HTTP/2 calls travel beside each other
		boolean http2 = settings.transport().http2() && !request.context().isBlocking();
		return settings.coalescing() && !http2 && request.prepared().form().isCoalescible()
				&& !settings.compression().isUsed() && request.attribute(IdempotencyKey.class) == null;
	}

	private static void fail(CompletableFuture<RpcResponse> response, Throwable failure, CallContext context) {
		if (!(failure instanceof RpcException ex && ex.execution() == Execution.NOT_EXECUTED)) {
			// first, for whoever hears of the failure may make another attempt
			context.markMayHaveRun();
		}
		response.completeExceptionally(failure);
	}

	/**
	 * The headers, with the time that is left for the call now.
	 */
	static RpcHeaders withTimeLeft(RpcHeaders headers, CallContext context) {
		return headers.with(RpcHeaders.TIMEOUT, timeLeft(context));
	}

	private static String timeLeft(CallContext context) {
		return Long.toString(Math.max(1, context.remaining().toMillis()));
	}

	private static RpcHeaders headers(RpcRequest request, @Nullable String callId) {
		List<String> own = new ArrayList<>(16);
		add(own, RpcHeaders.TIMEOUT, timeLeft(request.context()));
		WireForm form = request.prepared().form();
		add(own, RpcHeaders.METHOD, form.mirrorsMethod() ? request.method().name() : null);
		add(own, "Accept", form.accept());
		add(own, RpcHeaders.CALL_ID, callId);
		IdempotencyKey key = request.attribute(IdempotencyKey.class);
		add(own, RpcHeaders.IDEMPOTENCY_KEY, (key != null) ? key.header() : null);
		Criticality criticality = request.criticality();
		add(own, RpcHeaders.CRITICALITY, (criticality != Criticality.CRITICAL) ? criticality.wireName() : null);
		add(own, RpcHeaders.COALESCED, mayTravelWithOthers(request) ? ALONE : null);
		int attempt = attempt(request);
		add(own, RpcHeaders.ATTEMPT, (attempt > 1) ? Integer.toString(attempt) : null);
		return request.headers().with(RpcHeaders.of(own.toArray(String[]::new)));
	}

	private static void add(List<String> headers, String name, @Nullable String value) {
		if (value != null) {
			headers.add(name);
			headers.add(value);
		}
	}

	/**
	 * The first attempt of a call that is made for a repetition is a repetition too, so
	 * that all hops further on know.
	 */
	private static int attempt(RpcRequest request) {
		InboundCall inbound = request.context().inbound();
		return (inbound != null && inbound.isRepeated()) ? request.attempt() + 1 : request.attempt();
	}

	private static Exception ended(RpcRequest request) {
		if (request.context().isCancelled()) {
			return new CancellationException(request + " was cancelled before it was sent");
		}
		return new RpcDeadlineExceededException(
				request + " had no time left before attempt " + request.attempt() + " could be sent",
				request.context().isSent() ? Execution.UNKNOWN : Execution.NOT_EXECUTED, null);
	}

}
