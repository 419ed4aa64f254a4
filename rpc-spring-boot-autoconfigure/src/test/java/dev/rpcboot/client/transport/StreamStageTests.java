package dev.rpcboot.client.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.interceptor.ObservationInterceptor;
import dev.rpcboot.client.transport.StreamClient.Shop;
import dev.rpcboot.client.transport.StreamClient.SoldOutException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How the stages of a call treat one that is answered item by item.
 */
@Timeout(30)
class StreamStageTests {

	private final StreamClient client = new StreamClient();

	@AfterEach
	void close() throws Exception {
		this.client.awaitNothingLeased();
		this.client.close();
	}

	@Test
	void makesAnotherAttemptBeforeTheFirstItem() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request);
			if (request.contains("Rpc-Attempt: 2")) {
				events.items(1, 2).end();
			}
			else {
				events.connection().close();
			}
		})) {

			assertThat(this.client.at(server).stream()).containsExactly("1", "2");

			assertThat(server.requests()).hasSize(2);
		}
	}

	@Test
	void makesNoOtherAttemptAfterTheFirstItem() throws Exception {
		Semaphore go = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			go.acquire();
			events.connection().close();
		})) {
			Iterator<String> items = this.client.at(server).iterator();
			assertThat(items.next()).isEqualTo("1");
			go.release();

			assertThatExceptionOfType(RpcConnectionException.class).isThrownBy(items::hasNext);

			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void sharesNoStreamBetweenCallers() throws Exception {
		this.client.cache = new CallSettings.Cache(Duration.ofMinutes(1), CallSettings.Scope.SHARED, List.of());
		CountDownLatch both = new CountDownLatch(2);
		try (RawServer server = Events.serve((connection, request) -> {
			both.countDown();
			both.await();
			Events.begin(connection, request).items(1, 1).end();
		})) {
			Shop shop = this.client.at(server);

			CompletableFuture<List<String>> first = shop.flux().collectList().toFuture();
			CompletableFuture<List<String>> second = shop.flux().collectList().toFuture();

			assertThat(first).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(List.of("1"));
			assertThat(second).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(List.of("1"));
			assertThat(shop.flux().collectList().block()).containsExactly("1");
			assertThat(server.requests()).hasSize(3);
		}
	}

	@Test
	void judgesAStreamAtItsFirstItemAndAgainIfItBreaks() throws Exception {
		Semaphore go = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			go.acquire();
			events.connection().close();
		})) {
			Iterator<String> items = this.client.at(server).iterator();
			assertThat(this.client.breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
			items.next();
			go.release();

			assertThatExceptionOfType(RpcConnectionException.class).isThrownBy(items::hasNext);

			assertThat(this.client.breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
			assertThat(this.client.breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
		}
	}

	@Test
	void countsNeitherACancelledStreamNorAnExceptionOfTheContractAsAFailure() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request)
			.items(1, 1)
			.error("{\"code\":1,\"message\":\"gone\",\"data\":{\"type\":\"SoldOutException\"}}"))) {
			Shop shop = this.client.at(server);

			shop.stream().close();
			assertThatExceptionOfType(SoldOutException.class)
				.isThrownBy(() -> shop.iterator().forEachRemaining((item) -> {
				}));

			assertThat(this.client.breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(2);
			assertThat(this.client.breaker.getMetrics().getNumberOfFailedCalls()).isZero();
		}
	}

	@Test
	void observesAStreamToItsEnd() throws Exception {
		List<Observation.Context> stopped = new CopyOnWriteArrayList<>();
		this.client.stages.add(new ObservationInterceptor(observing(stopped), null));
		Semaphore go = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			go.acquire();
			events.items(2, 2).end();
		})) {
			Iterator<String> items = this.client.at(server).iterator();
			items.next();
			assertThat(stopped).isEmpty();
			go.release();

			items.forEachRemaining((item) -> {
			});

			assertThat(stopped).hasSize(1);
			assertThat(stopped.get(0).getError()).isNull();
		}
	}

	@Test
	void observesACancelledStreamToItsCancellation() throws Exception {
		List<Observation.Context> stopped = new CopyOnWriteArrayList<>();
		this.client.stages.add(new ObservationInterceptor(observing(stopped), null));
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 1))) {
			Stream<String> items = this.client.at(server).stream();
			assertThat(stopped).isEmpty();

			items.close();

			assertThat(stopped).hasSize(1);
			assertThat(stopped.get(0).getError()).isInstanceOf(CancellationException.class);
		}
	}

	@Test
	void keepsTheItemsOfAResponseWhoseHeadersAnInterceptorChanges() throws Exception {
		this.client.stages.add((request, chain) -> chain.proceed(request)
			.thenApply((answer) -> answer.withHeaders(answer.headers().with("Seen", "yes"))));
		try (RawServer server = Events
			.serve((connection, request) -> Events.begin(connection, request).items(1, 3).end())) {
			Shop shop = this.client.at(server);

			assertThat(shop.stream()).containsExactly("1", "2", "3");
			assertThat(shop.flux().collectList().block()).containsExactly("1", "2", "3");
		}
	}

	@Test
	void refusesAndEndsAStreamWhoseItemsAnInterceptorHasLost() throws Exception {
		this.client.stages.add((request, chain) -> chain.proceed(request)
			.thenApply((answer) -> new RpcResponse(answer.result(), answer.headers())));
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 1))) {
			Shop shop = this.client.at(server);

			assertThatExceptionOfType(RpcProtocolException.class).isThrownBy(shop::iterator)
				.withMessageContaining("RpcResponse.withHeaders");
			assertThatExceptionOfType(RpcProtocolException.class)
				.isThrownBy(() -> shop.flux().collectList().block(Duration.ofSeconds(5)));
			this.client.awaitNothingLeased();
		}
	}

	@Test
	void letsWhoeverHearsThatAStreamIsOverKnowThatItWasCancelled() throws Exception {
		CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
		this.client.stages.add((RpcRequest request, RpcClientInterceptor.Chain chain) -> {
			CompletableFuture<RpcResponse> response = chain.proceed(request);
			RpcResponse.whenOver(response, (answer, failure) -> cancelled.complete(request.context().isCancelled()));
			return response;
		});
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 1))) {

			this.client.at(server).stream().close();

			assertThat(cancelled).isCompletedWithValue(true);
		}
	}

	@Test
	void cancelsAStreamWhoseCallerWasToldThatItsTimeIsOver() throws Exception {
		this.client.timeout = StreamClient.SHORT;
		CompletableFuture<Void> later = new CompletableFuture<>();
		this.client.stages.add((request, chain) -> chain.proceed(request)
			.thenCompose((response) -> later.thenApply((nothing) -> response)));
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request).items(1, 1))) {
			CompletableFuture<String> first = this.client.at(server).flux().next().toFuture();

			assertThat(first).failsWithin(Duration.ofSeconds(10));
			later.complete(null);

			server.awaitClosedByClient();
		}
	}

	@Test
	void asksTheFallbackBeforeTheFirstItemAlone() throws Exception {
		this.client.fallback = new Substitute();
		Semaphore go = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request);
			if (request.contains("\"numbers\"")) {
				events.item("1");
				go.acquire();
			}
			events.connection().close();
		})) {
			Shop shop = this.client.at(server);

			assertThat(shop.stream()).containsExactly("substitute");
			assertThat(shop.iterator()).toIterable().containsExactly("substitute");
			assertThat(shop.flux().collectList().block()).containsExactly("substitute");
			Iterator<Integer> items = shop.numbers();
			assertThat(items.next()).isEqualTo(1);
			go.release();
			assertThatExceptionOfType(RpcConnectionException.class).isThrownBy(items::hasNext);
		}
	}

	@Test
	void hasNoFallbackForAFluxThatHasBegun() throws Exception {
		this.client.fallback = new Substitute();
		List<String> items = new CopyOnWriteArrayList<>();
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			await().until(() -> items.size() == 1);
			events.connection().close();
		})) {

			CompletableFuture<Void> over = this.client.at(server).flux().doOnNext(items::add).then().toFuture();

			assertThat(over).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(RpcConnectionException.class);
			assertThat(items).containsExactly("1");
		}
	}

	private static ObservationRegistry observing(List<Observation.Context> stopped) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				stopped.add(context);
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		return registry;
	}

	private static final class Substitute implements Shop {

		@Override
		public Flux<String> flux() {
			return Flux.just("substitute");
		}

		@Override
		public Stream<String> stream() {
			return Stream.of("substitute");
		}

		@Override
		public Iterator<String> iterator() {
			return List.of("substitute").iterator();
		}

		@Override
		public Iterator<Integer> numbers() {
			return new ArrayList<Integer>().iterator();
		}

	}

}
