package dev.rpcboot.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.Criticality;
import dev.rpcboot.call.Deadline;
import dev.rpcboot.call.InboundCall;
import dev.rpcboot.call.NanoClock;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.call.RpcMetadata;
import dev.rpcboot.client.interceptor.BroadcastInterceptor;
import dev.rpcboot.client.interceptor.Alternatives;
import dev.rpcboot.client.interceptor.RetryInterceptor;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The headers that say what an attempt is to the server.
 */
@Timeout(30)
class ProtocolHeadersTests {

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

	private static final List<RpcInstance> INSTANCES = List.of(
			new RpcInstance("one", URI.create("http://127.0.0.1:1/rpc")),
			new RpcInstance("two", URI.create("http://127.0.0.1:2/rpc")));

	private final CallTimer timer = new CallTimer();

	private final CallExecutor executor = new CallExecutor();

	private final List<RpcHeaders> sent = new CopyOnWriteArrayList<>();

	/** What is answered instead of a result. */
	private final Queue<String> answers = new ConcurrentLinkedQueue<>();

	private int lost;

	private @Nullable Criticality criticality;

	@AfterEach
	void stop() throws Exception {
		this.timer.close();
		this.executor.close();
	}

	@Test
	void allAttemptsOfAKeyedCallBearOneKey() {
		this.lost = 2;

		shop().order("a");

		assertThat(this.sent).hasSize(3);
		assertThat(keys()).containsOnly(keys().get(0)).allMatch((key) -> key.matches("\"[A-Za-z0-9_-]{22}\""));
		assertThat(values(RpcHeaders.ATTEMPT)).containsExactly(null, "2", "3");
	}

	@Test
	void asksAgainWithTheSameKeyAfterTheTimeThatTheServerSays() {
		this.answers.add("\"error\":{\"code\":-32010,\"message\":\"Aborted\",\"data\":{\"reason\":\"ABORTED\","
				+ "\"executed\":\"unknown\",\"retryAfterMs\":120}}");
		Shop shop = shop();
		long start = System.nanoTime();

		assertThat(shop.order("a")).isEqualTo("x");

		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
		assertThat(this.sent).hasSize(2);
		assertThat(keys()).containsOnly(keys().get(0));
	}

	@Test
	void eachKeyedCallBearsAKeyOfItsOwn() {
		Shop shop = shop();

		for (int i = 0; i < 100; i++) {
			shop.order("a");
		}

		assertThat(keys()).doesNotHaveDuplicates().hasSize(100);
	}

	@Test
	void otherCallsBearNone() {
		IdempotencyKey.of("order-4711").run(() -> shop().find("a"));

		assertThat(keys()).containsExactly((String) null);
	}

	@Test
	void aCallerMayGiveAKey() {
		Shop shop = shop();

		String result = IdempotencyKey.of("order:2026-11-22/4711").call(() -> shop.order("a"));
		shop.order("a");

		assertThat(result).isEqualTo("x");
		assertThat(keys()).first().isEqualTo("\"order:2026-11-22/4711\"");
		assertThat(keys()).last().isNotEqualTo("\"order:2026-11-22/4711\"");
	}

	@Test
	void aKeyThatCannotTravelDoesSoAsItsHash() {
		Shop shop = shop();

		IdempotencyKey.of("4711").run(() -> shop.order("a"));
		IdempotencyKey.of("4711").run(() -> shop.order("a"));
		IdempotencyKey.of("Bestellung \u00e4 \"4711\"").run(() -> shop.order("a"));

		assertThat(keys()).allMatch((key) -> key.matches("\"[A-Za-z0-9_-]{43}\""));
		assertThat(keys().get(0)).isEqualTo(keys().get(1)).isNotEqualTo(keys().get(2));
		assertThatIllegalArgumentException().isThrownBy(() -> IdempotencyKey.of(""));
	}

	@Test
	void theInnermostKeyCountsAndTheOuterOneComesBack() {
		Shop shop = shop();

		IdempotencyKey.of("outer-outer-outer").run(() -> {
			IdempotencyKey.of("inner-inner-inner").run(() -> shop.order("a"));
			shop.order("a");
		});

		assertThat(keys()).containsExactly("\"inner-inner-inner\"", "\"outer-outer-outer\"");
	}

	@Test
	void aMonoThatIsSubscribedToLaterBearsTheKeyOfTheActionAroundIt() {
		Shop shop = shop();

		Mono<String> later = IdempotencyKey.of("order-4711-order-4711").call(() -> shop.orderLater("a"));
		later.block(Duration.ofSeconds(10));
		later.block(Duration.ofSeconds(10));

		assertThat(keys()).containsExactly("\"order-4711-order-4711\"", "\"order-4711-order-4711\"");
	}

	@Test
	void aBroadcastBearsAKeyOfItsOwnForEachInstance() {
		RpcBroadcast<Shop> broadcast = client().broadcast(Shop.class, "shop");

		IdempotencyKey.of("restock-4711-restock").call(() -> broadcast.call((shop) -> shop.order("a")));
		IdempotencyKey.of("restock-4711-restock").call(() -> broadcast.call((shop) -> shop.order("a")));

		assertThat(this.sent).hasSize(4);
		assertThat(keys().subList(0, 2)).doesNotHaveDuplicates().hasSameElementsAs(keys().subList(2, 4));
	}

	@Test
	void aBatchTakesNoKeyedCall() {
		RpcBatch<Shop> batch = client().batch(Shop.class, "shop");

		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((shop) -> shop.order("a")))
			.withMessageContaining("Shop/order bears an idempotency key");
	}

	@Test
	void aCallSaysHowCriticalItIsUnlessItIsAsMostAre() {
		shop().find("a");
		this.criticality = Criticality.SHEDDABLE;
		shop().find("a");

		assertThat(values(RpcHeaders.CRITICALITY)).containsExactly(null, "sheddable");
	}

	@Test
	void aCallIsAsCriticalAsTheOneThatIsServedUnlessItsSettingsSayOtherwise() {
		serving(false, Criticality.SHEDDABLE_PLUS, () -> shop().find("a"));
		this.criticality = Criticality.CRITICAL_PLUS;
		serving(false, Criticality.SHEDDABLE_PLUS, () -> shop().find("a"));

		assertThat(values(RpcHeaders.CRITICALITY)).containsExactly("sheddable_plus", "critical_plus");
	}

	@Test
	void aCallThatIsMadeForARepetitionIsOne() {
		this.lost = 1;

		serving(true, Criticality.CRITICAL,
				() -> assertThatExceptionOfType(RpcConnectionException.class).isThrownBy(() -> shop().find("a")));

		assertThat(values(RpcHeaders.ATTEMPT)).containsExactly("2");
	}

	private static void serving(boolean repeated, Criticality criticality, Runnable action) {
		InboundCall previous = InboundCall.set(new InboundCall(Deadline.after(Duration.ofSeconds(20), NanoClock.SYSTEM),
				() -> RpcMetadata.EMPTY, repeated, criticality));
		try {
			action.run();
		}
		finally {
			InboundCall.set(previous);
		}
	}

	private List<@Nullable String> keys() {
		return values(RpcHeaders.IDEMPOTENCY_KEY);
	}

	private List<@Nullable String> values(String header) {
		List<@Nullable String> values = new ArrayList<>();
		this.sent.forEach((headers) -> values.add(headers.first(header)));
		return values;
	}

	private Shop shop() {
		return client().reference(Shop.class, "shop");
	}

	private RpcClient client() {
		Resilience defaults = Resilience.DEFAULTS;
		CallSettings settings = TestRequests.balanced(TestRequests.resilient(TestRequests.SETTINGS,
				new Resilience(defaults.retryBudget(), null, null, defaults.balancing(), this.criticality)));
		List<RpcClientInterceptor> stages = List.of(new RetryInterceptor(this.timer, Alternatives.NONE),
				new BroadcastInterceptor(this.timer, (request) -> INSTANCES, this.executor.executor()),
				new TargetInterceptor((request, chain) -> chain.proceed(request.withInstance(INSTANCES.get(0)))));
		return new RpcClient(TestRequests.MAPPER, this::exchange, () -> stages, (target, method) -> settings,
				(type, target) -> null, this.executor.executor(), this.timer);
	}

	private CompletableFuture<RpcTransport.Answer> exchange(RpcTransport.Message message, CallContext context) {
		this.sent.add(message.headers());
		if (this.lost > 0) {
			this.lost--;
			return CompletableFuture.failedFuture(new RpcConnectionException("lost", null));
		}
		String answer = this.answers.poll();
		Matcher id = ID.matcher(new String(message.body(), StandardCharsets.UTF_8));
		String body = "{\"jsonrpc\":\"2.0\",\"id\":" + (id.find() ? id.group(1) : "0") + ","
				+ ((answer != null) ? answer : "\"result\":\"x\"") + "}";
		return CompletableFuture.completedFuture(new RpcTransport.Answer(200,
				RpcHeaders.EMPTY.with("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8)));
	}

	interface Shop {

		@RpcMethod(idempotency = Idempotency.KEYED)
		String order(String sku);

		@RpcMethod(idempotency = Idempotency.KEYED)
		Mono<String> orderLater(String sku);

		@RpcMethod(idempotency = Idempotency.SAFE)
		String find(String sku);

	}

}
