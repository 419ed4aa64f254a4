package dev.rpcboot.server.interceptor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.server.CallReply;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ObservationCallObserverTests {

	private final List<Observation.Context> started = new ArrayList<>();

	private final List<Observation.Context> stopped = new ArrayList<>();

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final ObservationCallObserver observer = new ObservationCallObserver(this.registry, null);

	private final RpcHeaders headers = RpcHeaders.EMPTY.with("traceparent", "00-1-2-01");

	ObservationCallObserverTests() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public void onStart(Observation.Context context) {
				ObservationCallObserverTests.this.started.add(context);
			}

			@Override
			public void onStop(Observation.Context context) {
				ObservationCallObserverTests.this.stopped.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
	}

	@Test
	void isAChildOfTheWebServersObservation() {
		Observation request = Observation.start("http.server.requests", this.registry);

		request.scoped(() -> {
			observe(CompletableFuture.completedStage(new CallReply(null, null)));
		});

		assertThat(this.started.get(1)).isNotInstanceOf(ReceiverContext.class);
		assertThat(this.started.get(1).getParentObservation()).isSameAs(request);
	}

	@Test
	void continuesTheCallersTraceWhereNothingElseIsObserved() {
		observe(CompletableFuture.completedStage(new CallReply(null, null)));

		assertThat(this.started.get(0)).isInstanceOfSatisfying(ReceiverContext.class,
				(context) -> assertThat(context.getCarrier()).isSameAs(this.headers));
	}

	@Test
	void isCurrentWhileTheMethodRunsAndEndsWithItsReply() {
		CompletableFuture<CallReply> reply = new CompletableFuture<>();
		List<Observation> current = new ArrayList<>();

		this.observer.observe("Echo/echo", () -> this.headers, () -> {
			current.add(this.registry.getCurrentObservation());
			return reply;
		});

		assertThat(current.get(0).getContext()).isSameAs(this.started.get(0));
		assertThat(this.registry.getCurrentObservation()).isNull();
		assertThat(this.stopped).isEmpty();
		reply.complete(new CallReply(null, null));
		assertThat(this.stopped).hasSize(1);
	}

	private void observe(CompletionStage<CallReply> reply) {
		this.observer.observe("Echo/echo", () -> this.headers, () -> reply);
	}

}
