package dev.rpcboot.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.rpcboot.call.NanoClock;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls whose answer is there before anybody could wait for it.
 */
class MonoReturnAdapterTests {

	@BeforeAll
	static void propagateTheLoggingContext() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
	}

	@AfterAll
	static void forgetTheLoggingContext() {
		ContextRegistry.getInstance().removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
	}

	@Test
	void operatorsSeeTheSubscribersContextIfTheResultIsThereAtOnce() {
		Mono<String> order = find(CompletableFuture.completedFuture(TestRequests.answer("\"drill\"")))
			.map((sku) -> sku + " for " + MDC.get("order"))
			.contextWrite((context) -> context.put(Slf4jThreadLocalAccessor.KEY, Map.of("order", "43")));

		assertThat(order.block()).isEqualTo("drill for 43");
		assertThat(MDC.get("order")).isNull();
	}

	@Test
	void operatorsSeeTheSubscribersContextIfTheFailureIsThereAtOnce() {
		Mono<Object> order = find(CompletableFuture.failedFuture(new IllegalStateException("no drill")))
			.onErrorResume((failure) -> Mono.just(failure.getMessage() + " for " + MDC.get("order")))
			.contextWrite((context) -> context.put(Slf4jThreadLocalAccessor.KEY, Map.of("order", "43")));

		assertThat(order.block()).isEqualTo("no drill for 43");
	}

	@Test
	void callsAnewForEachSubscriber() {
		CompletableFuture<RpcResponse> answer = new CompletableFuture<>();
		Mono<Object> call = find(answer);
		CompletableFuture<Object> first = call.toFuture();
		CompletableFuture<Object> second = call.toFuture();

		first.cancel(false);
		answer.complete(TestRequests.answer("\"drill\""));

		assertThat(second).isCompletedWithValue("drill");
	}

	private static Mono<Object> find(CompletableFuture<RpcResponse> answer) {
		ClientMethod method = TestRequests.of("find", "drill").prepared();
		ClientPipeline pipeline = new ClientPipeline(List.of(), (request) -> answer.copy());
		CallStarter starter = new CallStarter(method, () -> pipeline, NanoClock.SYSTEM);
		Fallback none = new Fallback(method.contract().method(), () -> null);
		return new MonoReturnAdapter(new FutureReturnAdapter(starter, none, Runnable::run))
			.call(new Object[] { "drill" });
	}

}
