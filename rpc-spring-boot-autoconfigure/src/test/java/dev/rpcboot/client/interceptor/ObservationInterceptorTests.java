package dev.rpcboot.client.interceptor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.TestRequests;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ObservationInterceptorTests {

	private static final RpcResponse ANSWER = TestRequests.answer("\"found\"");

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<RpcClientObservationContext> stopped = new ArrayList<>();

	private final ObservationInterceptor interceptor = new ObservationInterceptor(this.registry, null);

	@BeforeEach
	void listen() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<RpcClientObservationContext>() {

			@Override
			public void onStart(RpcClientObservationContext context) {
				context.getSetter().set(context.getCarrier(), "traceparent", "00-1-2-01");
				context.getSetter().set(context.getCarrier(), "tenant", "J\u00fcrgen");
			}

			@Override
			public void onStop(RpcClientObservationContext context) {
				ObservationInterceptorTests.this.stopped.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
	}

	@Test
	void namesTheCallButNothingThatACallerCanChoose() {
		this.interceptor.intercept(TestRequests.of("find", "a"),
				(request) -> CompletableFuture.completedFuture(ANSWER));

		RpcClientObservationContext context = this.stopped.get(0);
		assertThat(context.getName()).isEqualTo("rpc.client.call.duration");
		assertThat(context.getContextualName()).isEqualTo("Stock/find");
		assertThat(context.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(KeyValue.of("rpc.system", "jsonrpc"),
				KeyValue.of("rpc.method", "Stock/find"), KeyValue.of("server.address", "warehouse"),
				KeyValue.of("error.type", "none"));
	}

	@Test
	void tellsWhatWentWrong() {
		this.interceptor.intercept(TestRequests.of("find", "a"),
				(request) -> CompletableFuture.failedFuture(new RpcConnectionException("lost", null)));

		assertThat(this.stopped.get(0).getLowCardinalityKeyValue("error.type").getValue())
			.isEqualTo("RpcConnectionException");
	}

	@Test
	void putsTheTraceContextOnTheRequestAndLeavesOutWhatNoHeaderCanBear() {
		List<RpcRequest> sent = new ArrayList<>();

		CompletableFuture<RpcResponse> response = this.interceptor.intercept(TestRequests.of("find", "a"),
				(request) -> {
					sent.add(request);
					return CompletableFuture.completedFuture(ANSWER);
				});

		assertThat(response).isCompletedWithValue(ANSWER);
		assertThat(sent.get(0).headers().first("traceparent")).isEqualTo("00-1-2-01");
		assertThat(sent.get(0).headers().first("tenant")).isNull();
	}

	@Test
	void stopsWhenTheAnswerHasCome() {
		CompletableFuture<RpcResponse> pending = new CompletableFuture<>();
		this.interceptor.intercept(TestRequests.of("find", "a"), (request) -> pending);
		assertThat(this.stopped).isEmpty();

		pending.complete(ANSWER);

		assertThat(this.stopped).hasSize(1);
	}

}
