package dev.rpcboot.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.InstanceOutcome;
import dev.rpcboot.RpcBroadcastException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.RpcBatch.Entry;
import dev.rpcboot.client.interceptor.BroadcastInterceptor;
import dev.rpcboot.client.interceptor.DeadlineInterceptor;
import dev.rpcboot.client.interceptor.InstanceSource;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Calls without a reference, of which only the wire is replaced.
 */
@Timeout(30)
class DirectCallTests {

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

	private static final RpcInstance INSTANCE = new RpcInstance("one", URI.create("http://127.0.0.1:1/rpc"));

	private final CallTimer timer = new CallTimer();

	private final CallExecutor executor = new CallExecutor();

	private final List<RpcClientInterceptor> interceptors = new ArrayList<>();

	private final List<String> sent = new CopyOnWriteArrayList<>();

	private InstanceSource instances = (request) -> List.of(INSTANCE);

	private int status = 200;

	private String outcome = "\"result\":\"x\"";

	@AfterEach
	void stop() throws Exception {
		this.timer.close();
		this.executor.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3 })
	void failsABatchThatAnInterceptorAnswersWithTheOutcomesOfAnother(int entries) {
		RpcClient client = client();
		CompletableFuture<RpcResponse> first = new CompletableFuture<>();
		this.interceptors.add((request, chain) -> first.isDone() ? first
				: chain.proceed(request).whenComplete((answer, failure) -> first.complete(answer)));
		RpcBatch<Stock> other = batch(client);
		for (int i = 0; i < entries; i++) {
			other.add(Stock::name);
		}
		other.send();
		RpcBatch<Stock> batch = batch(client);
		Entry<String> one = batch.add(Stock::name);
		Entry<String> two = batch.add(Stock::name);

		CompletableFuture<Void> sending = batch.sendAsync();

		assertThat(sending).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(IllegalStateException.class)
			.withMessageContaining(entries + " outcomes for its 2 entries");
		assertThatIllegalStateException().isThrownBy(one::get).withMessageContaining("for its 2 entries");
		assertThatIllegalStateException().isThrownBy(two::get).withMessageContaining("for its 2 entries");
	}

	@Test
	void failsABatchThatAnInterceptorAnswersAsABroadcast() {
		RpcClient client = client();
		this.interceptors.add((request, chain) -> CompletableFuture
			.completedFuture(RpcResponse.ofInstances(List.of(outcome("a")), RpcHeaders.EMPTY)));
		RpcBatch<Stock> batch = batch(client);
		batch.add(Stock::name);

		assertThatIllegalStateException().isThrownBy(batch::send).withMessageContaining("not its entries");
	}

	@Test
	void failsABroadcastWhoseOutcomesAnInterceptorHasLost() {
		RpcClient client = client();
		this.interceptors.add((request, chain) -> chain.proceed(request)
			.thenApply((answer) -> new RpcResponse(answer.result(), answer.headers())));

		assertThatIllegalStateException().isThrownBy(() -> broadcast(client).call(Stock::name))
			.withMessageContaining("RpcResponse.ofInstances");
		assertThat(broadcast(client).callAsync(Stock::name)).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void keepsTheOutcomesOfABroadcastWhoseHeadersAnInterceptorChanges() {
		RpcClient client = client();
		this.interceptors.add((request, chain) -> chain.proceed(request)
			.thenApply((answer) -> answer.withHeaders(answer.headers().with("Seen", "yes"))));

		assertThat(broadcast(client).call(Stock::name)).extracting(InstanceOutcome::get).containsExactly("x");
	}

	@Test
	void letsAnInterceptorAnswerABroadcast() {
		RpcClient client = client();
		this.interceptors.add((request, chain) -> CompletableFuture
			.completedFuture(RpcResponse.ofInstances(List.of(outcome("a"), outcome("b")), RpcHeaders.EMPTY)));

		assertThat(broadcast(client).call(Stock::name)).extracting(InstanceOutcome::get).containsExactly("a", "b");
	}

	@Test
	void tellsOfAnErrorThatIsThrownWhileAnAnswerIsDecoded() {
		this.outcome = "\"result\":{\"name\":\"x\"}";
		RpcBroadcast<Stock> broadcast = broadcast(client()).policy(BroadcastPolicy.ANY).timeout(Duration.ofSeconds(2));

		assertThatExceptionOfType(RpcBroadcastException.class).isThrownBy(() -> broadcast.call(Stock::label))
			.satisfies((ex) -> assertThat(ex.outcomes().get(0).failure()).isInstanceOf(NoClassDefFoundError.class));
	}

	@Test
	void doesNotWaitForARegistryLongerThanABroadcastMayTake() {
		CountDownLatch end = new CountDownLatch(1);
		AtomicBoolean answered = new AtomicBoolean();
		this.instances = (request) -> {
			awaitQuietly(end);
			answered.set(true);
			return List.of(INSTANCE);
		};
		RpcBroadcast<Stock> broadcast = broadcast(client()).timeout(Duration.ofMillis(200));

		assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(() -> broadcast.call(Stock::name))
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED));

		assertThat(answered).isFalse();
		end.countDown();
	}

	@Test
	void asksTheRegistryElsewhereButTheInstancesOnTheThreadThatWaits() {
		List<Thread> threads = new CopyOnWriteArrayList<>();
		this.instances = (request) -> {
			threads.add(Thread.currentThread());
			return List.of(INSTANCE);
		};
		this.interceptors.add((RpcAttemptInterceptor) (request, chain) -> {
			threads.add(Thread.currentThread());
			return chain.proceed(request);
		});

		broadcast(client()).call(Stock::name);

		assertThat(threads).hasSize(2);
		assertThat(threads.get(0)).isNotSameAs(Thread.currentThread());
		assertThat(threads.get(1)).isSameAs(Thread.currentThread());
	}

	@ParameterizedTest
	@ValueSource(strings = { "Rpc-Timeout-Ms", "Rpc-Method", "rpc-attempt", "Rpc-Call-Id", "accept", "Idempotency-key",
			"rpc-criticality" })
	void letsNoInterceptorSetTheHeadersOfTheProtocol(String header) {
		RpcRequest request = TestRequests.of("find", "a");

		assertThatIllegalArgumentException().isThrownBy(() -> request.withHeader(header, "1"))
			.withMessageStartingWith(header);
	}

	@Test
	void refusesWhatMakesSomethingOfAPrimitiveResult() {
		RpcBatch<Stock> batch = batch(client());

		assertThat(batch.add(Stock::count)).isNotNull();
		assertThat(batch.add(Stock::grade)).isNotNull();
		assertThat(batch.add(Stock::open)).isNotNull();
		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((stock) -> stock.count() * 100))
			.withMessageContaining("it returns something else than the call of Stock/count");
		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((stock) -> (byte) -stock.grade()))
			.withMessageContaining("it returns something else than the call of Stock/grade");
		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((stock) -> !stock.open()))
			.withMessageContaining("it returns something else than the call of Stock/open");
	}

	@Test
	void takesANullForOneArgumentOfAGenericCall() {
		RpcGenericCall find = client().generic("warehouse", "Stock").method("find");

		assertThat(find.arguments((Object[]) null).call(String.class)).isEqualTo("x");
		assertThat(this.sent).singleElement().asString().contains("\"params\":[null]");
	}

	@Test
	void namesTheTimeOfTheCallItselfWhereTheServerIsTheFirstToFindItOver() {
		this.outcome = """
				"error":{"code":-32004,"message":"Deadline exceeded",\
				"data":{"reason":"DEADLINE_EXCEEDED","executed":"unknown"}}""";
		RpcGenericCall find = client().generic("warehouse", "Stock").method("find").timeout(Duration.ofSeconds(20));

		assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(() -> find.call(String.class))
			.withMessageContaining("ran out of time at the server, of at most 20000ms");
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 202, 204 })
	void takesEachAnswerWithoutABodyForTheAcceptanceOfOneWayCalls(int status) {
		RpcClient client = client();
		this.status = status;
		RpcBatch<Stock> batch = batch(client);
		Entry<Void> noted = batch.addVoid((stock) -> stock.note("a"));

		batch.send();

		assertThat(noted.get()).isNull();
		assertThat(broadcast(client).run((stock) -> stock.note("b"))).allMatch(InstanceOutcome::isSuccess);
	}

	@Test
	void preparesTheAddressOfAnInstanceOnceForAllBatches() {
		PreparedContract<Stock> contract = new PreparedContract<>(Stock.class, "warehouse", TestRequests.MAPPER,
				(target, method) -> TestRequests.SETTINGS);

		URI first = contract.batch(Idempotency.NONE, Duration.ofSeconds(1)).uri(INSTANCE);
		ClientMethod another = contract.batch(Idempotency.SAFE, Duration.ofSeconds(2));

		assertThat(another.uri(INSTANCE)).isSameAs(first).hasPath("/rpc/Stock");
		assertThat(another.withAtLeast(Duration.ofSeconds(9)).uri(INSTANCE)).isSameAs(first);
		assertThat(another.contract().idempotency()).isEqualTo(Idempotency.SAFE);
	}

	private RpcClient client() {
		RpcTransport transport = (message, context) -> {
			context.markSent();
			String body = new String(message.body(), StandardCharsets.UTF_8);
			this.sent.add(body);
			return CompletableFuture.completedFuture(answer(body));
		};
		this.interceptors.addAll(List.of(new DeadlineInterceptor(this.timer),
				new BroadcastInterceptor(this.timer, (request) -> this.instances.instances(request),
						this.executor.executor()),
				new TargetInterceptor((request, chain) -> chain.proceed(request.withInstance(INSTANCE)))));
		return new RpcClient(TestRequests.MAPPER, transport, () -> this.interceptors,
				(target, method) -> new CallSettings(Duration.ofSeconds(5), 3, null,
						TestRequests.SETTINGS.circuitBreaker(), null, "/rpc", TestRequests.TRANSPORT,
						Duration.ofSeconds(30), CallSettings.Compression.NONE, false, Resilience.DEFAULTS),
				(type, target) -> null, this.executor.executor(), this.timer);
	}

	private RpcTransport.Answer answer(String request) {
		List<String> answers = new ArrayList<>();
		for (Matcher id = ID.matcher(request); id.find();) {
			answers.add("{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + "," + this.outcome + "}");
		}
		String body = (request.startsWith("[") && !answers.isEmpty()) ? answers.toString() : String.join("", answers);
		return new RpcTransport.Answer(this.status, RpcHeaders.EMPTY.with("Content-Type", "application/json"),
				body.getBytes(StandardCharsets.UTF_8));
	}

	private static RpcBatch<Stock> batch(RpcClient client) {
		return client.batch(Stock.class, "warehouse");
	}

	private static RpcBroadcast<Stock> broadcast(RpcClient client) {
		return client.broadcast(Stock.class, "warehouse");
	}

	private static InstanceOutcome<String> outcome(String value) {
		return new InstanceOutcome<>("one", INSTANCE.endpoint(), value, null, Duration.ZERO);
	}

	private static void awaitQuietly(CountDownLatch end) {
		try {
			end.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	interface Stock {

		String name();

		int count();

		boolean open();

		byte grade();

		Label label();

		@RpcMethod(idempotency = Idempotency.SAFE)
		String find(String sku);

		@RpcMethod(oneWay = true)
		void note(String text);

	}

	record Label(String name) {

		Label {
			if (name != null) {
				throw new NoClassDefFoundError("gone");
			}
		}

	}

}
