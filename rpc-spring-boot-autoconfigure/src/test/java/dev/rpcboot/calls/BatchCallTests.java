package dev.rpcboot.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.calls.Depot.MissingException;
import dev.rpcboot.client.RpcBatch;
import dev.rpcboot.client.RpcBatch.Entry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Batches, whatever web stack the provider runs on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class BatchCallTests {

	private final WebApplicationType stack;

	private final Applications applications = new Applications();

	private DepotProvider provider;

	private ConfigurableApplicationContext consuming;

	private DepotConsumer consumer;

	BatchCallTests(WebApplicationType stack) {
		this.stack = stack;
	}

	@BeforeAll
	void start() throws IOException {
		ConfigurableApplicationContext providing = this.applications.provider(this.stack, DepotProvider.class);
		this.provider = providing.getBean(DepotProvider.class);
		this.consuming = this.applications.consumer(DepotConsumer.class,
				"rpc.client.targets.depot.url=" + Applications.url(providing),
				"rpc.client.targets.depot.methods.Depot.meet.timeout=15s",
				"rpc.client.targets.depot.methods.Depot.batch.timeout=1ms",
				"rpc.client.targets.nowhere.url=" + refusing());
		this.consumer = this.consuming.getBean(DepotConsumer.class);
	}

	@AfterAll
	void stop() {
		this.provider.released.countDown();
		this.applications.close();
	}

	@BeforeEach
	void forget() {
		this.consumer.calls.clear();
		this.consumer.attempts.clear();
		this.consuming.getBean(CircuitBreakerRegistry.class)
			.getAllCircuitBreakers()
			.forEach((breaker) -> breaker.reset());
	}

	private RpcBatch<Depot> batch() {
		return this.consumer.client.batch(Depot.class, "depot");
	}

	@Test
	void answersEachEntryInOneExchange() throws Exception {
		RpcBatch<Depot> batch = batch();
		Entry<String> found = batch.add((depot) -> depot.find("a"));
		Entry<Integer> sum = batch.add((depot) -> depot.add(2, 3));
		Entry<List<String>> shelves = batch.add((depot) -> depot.shelves(0, 2));
		Entry<Void> touched = batch.addVoid((depot) -> depot.touch("a"));
		Entry<String> first = batch.add(Depot::findFirst);

		batch.send();

		assertThat(found.get()).isEqualTo("found a");
		assertThat(sum.get()).isEqualTo(5);
		assertThat(shelves.get()).containsExactly("shelf 0", "shelf 1");
		assertThat(touched.get()).isNull();
		assertThat(first.get()).isEqualTo("found first");
		assertThat(this.consumer.attempts).hasSize(1);
		assertThat(this.consumer.calls)
			.containsExactly("Depot/(batch)[Depot/find, Depot/add, Depot/shelves, Depot/touch, Depot/find]");
	}

	@Test
	void handsResultsOverInTheMethodsOwnWay() {
		RpcBatch<Depot> batch = batch();
		Entry<CompletableFuture<String>> later = batch.add((depot) -> depot.later("a"));
		Entry<Mono<String>> reactive = batch.add((depot) -> depot.reactive("b"));

		batch.send();

		assertThat(later.get()).isCompletedWithValue("later a");
		assertThat(reactive.get().block()).isEqualTo("reactive b");
	}

	@Test
	void isContentToKnowThatOneWayCallsWereAccepted() {
		int before = this.provider.entered.get();
		RpcBatch<Depot> mixed = batch();
		Entry<Void> noted = mixed.addVoid((depot) -> depot.note(""));
		Entry<Integer> sum = mixed.add((depot) -> depot.add(1, 2));
		RpcBatch<Depot> only = batch();
		Entry<Void> alone = only.addVoid((depot) -> depot.note("a"));

		mixed.send();
		only.send();

		assertThat(noted.get()).isNull();
		assertThat(sum.get()).isEqualTo(3);
		assertThat(alone.get()).isNull();
		await().atMost(Duration.ofSeconds(10)).until(() -> this.provider.entered.get() == before + 2);
	}

	@Test
	void letsNoFailureHarmAnotherEntry() {
		RpcBatch<Depot> batch = batch();
		Entry<String> missing = batch.add((depot) -> depot.find("missing-1"));
		Entry<String> failed = batch.add(Depot::fail);
		Entry<String> found = batch.add((depot) -> depot.find("a"));

		batch.send();

		assertThat(found.get()).isEqualTo("found a");
		assertThatExceptionOfType(MissingException.class).isThrownBy(() -> missing.get(MissingException.class))
			.satisfies((ex) -> assertThat(ex.sku()).isEqualTo("missing-1"));
		assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(failed::get)
			.withMessageContaining("Depot/fail on depot")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("INTERNAL"));
	}

	@Test
	void runsItsEntriesConcurrentlyAtTheProvider() {
		RpcBatch<Depot> batch = batch();
		Entry<String> one = batch.add((depot) -> depot.meet(2));
		Entry<String> other = batch.add((depot) -> depot.meet(2));

		batch.send();

		assertThat(one.get()).isEqualTo("met");
		assertThat(other.get()).isEqualTo("met");
	}

	@Test
	void matchesAHundredAnswersToTheirCalls() {
		RpcBatch<Depot> batch = batch();
		List<Entry<Integer>> sums = IntStream.range(0, 100)
			.mapToObj((number) -> batch.add((depot) -> depot.add(number, 1000)))
			.toList();

		assertThat(batch.sendAsync()).succeedsWithin(Duration.ofSeconds(10));

		assertThat(sums).extracting(Entry::get).containsExactlyElementsOf(IntStream.range(1000, 1100).boxed().toList());
	}

	@Test
	void failsEveryEntryWhenItIsRefusedAsAWhole() {
		RpcBatch<Depot> batch = batch();
		List<Entry<Integer>> sums = IntStream.range(0, 101)
			.mapToObj((number) -> batch.add((depot) -> depot.add(number, 1)))
			.toList();

		assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(batch::send)
			.withMessageContaining("Depot/(batch) on depot")
			.satisfies((ex) -> {
				assertThat(ex.reason()).isEqualTo("PAYLOAD_TOO_LARGE");
				assertThat(ex.execution()).isEqualTo(Execution.NOT_EXECUTED);
			});

		assertThat(sums).allSatisfy((sum) -> assertThatExceptionOfType(RpcRemoteException.class).isThrownBy(sum::get));
	}

	@Test
	void failsEveryEntryWhenNobodyListens() {
		RpcBatch<Depot> batch = this.consumer.client.batch(Depot.class, "nowhere");
		Entry<String> found = batch.add((depot) -> depot.find("a"));

		assertThat(batch.sendAsync()).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(RpcUnavailableException.class);

		assertThatExceptionOfType(RpcUnavailableException.class).isThrownBy(found::get);
		assertThat(this.consumer.attempts).hasSize(3);
	}

	@Test
	void failsAtItsDeadlineWhatHasNoAnswerByThen() {
		RpcBatch<Depot> batch = batch().timeout(Duration.ofMillis(300));
		Entry<String> hanging = batch.add(Depot::hang);
		batch.add((depot) -> depot.find("a"));

		// the provider, which knows the deadline, may just be in time to say so itself
		assertThat(catchThrowable(batch::send)).satisfiesAnyOf((none) -> assertThat(none).isNull(),
				(failure) -> assertThat(failure).isInstanceOf(RpcDeadlineExceededException.class));

		assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(hanging::get);
	}

	@Test
	void endsTheExchangeWhenItsFutureIsCancelled() {
		int before = this.provider.entered.get();
		// longer than is waited for below
		RpcBatch<Depot> batch = batch().timeout(Duration.ofSeconds(30));
		Entry<String> hanging = batch.add(Depot::hang);
		CompletableFuture<Void> sent = batch.sendAsync();
		await().atMost(Duration.ofSeconds(10)).until(() -> this.provider.entered.get() > before);
		assertThatIllegalStateException().isThrownBy(hanging::get).withMessageContaining("no answer yet");

		sent.cancel(true);

		assertThatExceptionOfType(CancellationException.class).isThrownBy(hanging::get);
		await().atMost(Duration.ofSeconds(10)).until(() -> Pools.leased(this.consuming) == 0);
	}

	@Test
	void isJudgedByAnEntryThatFailedByTheProvidersFault() {
		this.consumer.observed.clear();
		var breaker = this.consuming.getBean(CircuitBreakerRegistry.class).circuitBreaker("depot");
		breaker.reset();
		RpcBatch<Depot> healthy = batch();
		healthy.add((depot) -> depot.find("missing-1"));
		RpcBatch<Depot> ill = batch();
		ill.add((depot) -> depot.find("a"));
		ill.add(Depot::fail);

		healthy.send();
		ill.send();

		assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(1);
		assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
		assertThat(this.consumer.observed).containsExactly("Depot/(batch) none", "Depot/(batch) INTERNAL");
	}

	@Test
	void encodesArgumentsWhenTheyAreAdded() {
		List<Integer> sizes = new ArrayList<>(List.of(1));
		RpcBatch<Depot> batch = batch();
		Entry<Depot.Box> packed = batch.add((depot) -> depot.pack(new Depot.Box("a", sizes)));
		sizes.add(2);

		batch.send();

		assertThat(packed.get()).isEqualTo(new Depot.Box("a!", List.of(1)));
	}

	@Test
	void refusesWhatIsNotOneCall() {
		RpcBatch<Depot> batch = batch();

		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((depot) -> "nothing"))
			.withMessageContaining("it makes no remote call")
			.withMessageContaining("must make exactly one call");
		assertThatIllegalArgumentException().isThrownBy(() -> batch.addVoid((depot) -> depot.toString()))
			.withMessageContaining("it makes no remote call");
		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((depot) -> depot.find("a") + depot.name()))
			.withMessageContaining("it makes 2 remote calls");
		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((depot) -> depot.find("a") + "!"))
			.withMessageContaining("it returns something else than the call of Depot/find");
		assertThatIllegalArgumentException().isThrownBy(() -> batch.add(Depot::hasMany))
			.withMessageContaining("it returns something else than the call of Depot/add");
		assertThatIllegalArgumentException().isThrownBy(() -> batch.add((depot) -> depot.find("a").length()))
			.withMessageContaining("it failed with java.lang.NullPointerException")
			.withCauseInstanceOf(NullPointerException.class);
		assertThatIllegalStateException().isThrownBy(batch::send).withMessageContaining("has no entry");
	}

	@Test
	void isSentOnce() {
		RpcBatch<Depot> batch = batch();
		Entry<Integer> sum = batch.add((depot) -> depot.add(1, 2));
		assertThatIllegalStateException().isThrownBy(sum::get).withMessageContaining("call send() before");

		batch.send();

		assertThatIllegalStateException().isThrownBy(batch::send).withMessageContaining("was sent already");
		assertThatIllegalStateException().isThrownBy(batch::sendAsync).withMessageContaining("was sent already");
		assertThatIllegalStateException().isThrownBy(() -> batch.add(Depot::name));
		assertThat(sum.get()).isEqualTo(3);
	}

	/** An address at which nobody listens. */
	private static String refusing() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return "http://127.0.0.1:" + socket.getLocalPort();
		}
	}

}
