package dev.rpcboot.server.interceptor;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.jsonrpc.JsonRpcError;
import dev.rpcboot.server.CallObserver;
import dev.rpcboot.server.CallReply;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * Observes served calls with Micrometer: a child of the web server's observation where
 * there is one, else the continuation of the trace that the caller's headers name.
 *
 * @since 0.1
 */
public final class ObservationCallObserver implements CallObserver {

	private final RpcServerObservationConvention standard = new Remembering();

	private final ObservationRegistry registry;

	private final @Nullable RpcServerObservationConvention convention;

	/**
	 * Creates one.
	 * @param convention names the observations, or {@code null} for the default
	 */
	public ObservationCallObserver(ObservationRegistry registry, @Nullable RpcServerObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public CompletionStage<CallReply> observe(String method, Supplier<RpcHeaders> headers,
			Supplier<CompletionStage<CallReply>> call) {
		if (this.registry.isNoop()) {
			return call.get();
		}
		return (this.registry.getCurrentObservation() != null) ? observe(new InnerCall(method), call)
				: observe(new ReceivedCall(method, headers.get()), call);
	}

	@Override
	public CompletionStage<CallReply> observePart(String method, Supplier<RpcHeaders> headers,
			Supplier<CompletionStage<CallReply>> call) {
		return this.registry.isNoop() ? call.get() : observe(new ReceivedCall(method, headers.get()), call);
	}

	private <C extends Observation.Context & EndedCall> CompletionStage<CallReply> observe(C context,
			Supplier<CompletionStage<CallReply>> call) {
		Observation observation = Observation
			.createNotStarted(this.convention, this.standard, () -> context, this.registry)
			.start();
		return observation.scoped(() -> call.get().whenComplete((reply, failure) -> {
			if (failure != null) {
				observation.error(failure);
				observation.stop();
				return;
			}
			Consumer<@Nullable JsonRpcError> end = (error) -> {
				context.end(error);
				observation.stop();
			};
			if (reply.events() == null) {
				end.accept(reply.error());
			}
			else {
				reply.whenOver().thenAccept(end);
			}
		}));
	}

	/**
	 * The default, which every call asks twice: it remembers what it says of calls that
	 * succeed.
	 */
	private static final class Remembering implements RpcServerObservationConvention {

		private static final int MAX_KNOWN = 4096;

		private final Map<String, KeyValues> known = new ConcurrentHashMap<>();

		@Override
		public KeyValues getLowCardinalityKeyValues(Observation.Context context) {
			ServedCall call = (ServedCall) context;
			KeyValues known = (call.error() == null) ? this.known.get(call.method()) : null;
			if (known != null) {
				return known;
			}
			KeyValues made = RpcServerObservationConvention.super.getLowCardinalityKeyValues(context);
			if (call.error() == null && this.known.size() < MAX_KNOWN) {
				this.known.put(call.method(), made);
			}
			return made;
		}

	}

	private interface EndedCall extends ServedCall {

		void end(@Nullable JsonRpcError error);

	}

	/**
	 * A call within a request that is observed itself. Of another type than the other,
	 * because tracing would start anew from the headers of whatever is a receiver.
	 */
	private static final class InnerCall extends Observation.Context implements EndedCall {

		private final String method;

		private @Nullable JsonRpcError error;

		InnerCall(String method) {
			this.method = method;
		}

		@Override
		public String method() {
			return this.method;
		}

		@Override
		public @Nullable JsonRpcError error() {
			return this.error;
		}

		@Override
		public void end(@Nullable JsonRpcError error) {
			this.error = error;
		}

	}

	/**
	 * A call that is the first thing to be observed.
	 */
	private static final class ReceivedCall extends ReceiverContext<RpcHeaders> implements EndedCall {

		private final String method;

		private @Nullable JsonRpcError error;

		ReceivedCall(String method, RpcHeaders headers) {
			super((carrier, key) -> carrier.first(key));
			this.method = method;
			setCarrier(headers);
		}

		@Override
		public String method() {
			return this.method;
		}

		@Override
		public @Nullable JsonRpcError error() {
			return this.error;
		}

		@Override
		public void end(@Nullable JsonRpcError error) {
			this.error = error;
		}

	}

}
