package dev.rpcboot.client.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.rpcboot.Execution;
import dev.rpcboot.Idempotency;
import dev.rpcboot.RpcContract;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcMethod;
import dev.rpcboot.client.CallExecutor;
import dev.rpcboot.client.CallSettings;
import dev.rpcboot.client.CallTimer;
import dev.rpcboot.client.Resilience;
import dev.rpcboot.client.RpcAttemptInterceptor;
import dev.rpcboot.client.RpcClient;
import dev.rpcboot.client.RpcClientInterceptor;
import dev.rpcboot.client.RpcInstance;
import dev.rpcboot.client.RpcRequest;
import dev.rpcboot.client.RpcResponse;
import dev.rpcboot.client.TestRequests;
import dev.rpcboot.client.interceptor.DeadlineInterceptor;
import dev.rpcboot.client.interceptor.HedgingInterceptor;
import dev.rpcboot.client.interceptor.Alternatives;
import dev.rpcboot.client.interceptor.RetryInterceptor;
import dev.rpcboot.client.interceptor.TargetInterceptor;
import io.micrometer.context.ContextRegistry;
import dev.rpcboot.client.transport.HttpTransport.ForBlocking;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Second attempts beside slow ones, over real connections.
 */
@Timeout(30)
class HedgingTests {

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

	private final CallTimer timer = new CallTimer();

	private final CallExecutor executor = new CallExecutor();

	private final HttpTransport transport = new HttpTransport((bundle) -> {
		throw new AssertionError("No bundles here");
	}, ForBlocking.HTTP_COMPONENTS);

	private final List<RpcClientInterceptor> stages = new ArrayList<>();

	private final List<RawServer> servers = new ArrayList<>();

	private final List<RawServer.Connection> unanswered = new CopyOnWriteArrayList<>();

	private volatile String question = "";

	private volatile boolean slow;

	private volatile boolean bothSlow;

	private Duration timeout = Duration.ofSeconds(20);

	private volatile Runnable seen = () -> {
	};

	private RpcClient client;

	private RawServer first;

	private RawServer second;

	@BeforeEach
	void start() throws Exception {
		this.first = server((connection, request) -> {
			if (!this.slow) {
				answer(connection, request, "first");
			}
			else {
				this.unanswered.add(connection);
				this.question = request;
			}
		});
		this.second = server((connection, request) -> {
			if (!this.bothSlow) {
				answer(connection, request, "second");
			}
		});
	}

	private RawServer server(RawServer.Script script) throws Exception {
		RawServer server = RawServer.playing((connection, request) -> {
			if (request.contains("rpc.cancel")) {
				connection.write("HTTP/1.1 204 No Content\r\n\r\n");
			}
			else {
				script.play(connection, request);
			}
		});
		this.servers.add(server);
		return server;
	}

	@AfterEach
	void stop() throws Exception {
		this.transport.close();
		this.timer.close();
		this.executor.close();
		for (RawServer server : this.servers) {
			server.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void takesTheAnswerOfAnotherInstanceAndClosesTheConnectionToTheSlowOne(Caller caller) throws Exception {
		Stock stock = learned(this.first, this.second);
		this.slow = true;

		String answer = find(stock, caller);

		assertThat(answer).isEqualTo("second");
		assertThat(this.second.awaitRequest()).contains("Rpc-Attempt: 2\r\n");
		this.first.awaitClosedByClient();
		awaitNothingLeased();
	}

	@ParameterizedTest
	@EnumSource
	void waitsForTheOnlyInstanceThereIs(Caller caller) throws Exception {
		Stock stock = learned(this.first);
		int before = this.first.requests().size();
		this.slow = true;
		this.timer.schedule(this::answerLate, Duration.ofMillis(200));

		String answer = find(stock, caller);

		assertThat(answer).isEqualTo("late");
		assertThat(this.first.requests()).hasSize(before + 1);
	}

	@ParameterizedTest
	@EnumSource
	void endsBothAtTheDeadline(Caller caller) throws Exception {
		learned(this.first, this.second);
		this.slow = true;
		this.bothSlow = true;

		assertThatExceptionOfType(RpcDeadlineExceededException.class).isThrownBy(() -> find(impatient(), caller))
			.withMessageContaining("gave no answer within 400ms (attempt 2 of 3, at ")
			.satisfies((ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));

		this.first.awaitClosedByClient();
		this.second.awaitClosedByClient();
		awaitNothingLeased();
	}

	@Test
	void endsBothWhenACallerWhoWaitsIsInterrupted() throws Exception {
		Stock stock = learned(this.first, this.second);
		this.slow = true;
		this.bothSlow = true;
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			try {
				stock.find("a");
			}
			catch (Throwable ex) {
				failure.complete(ex);
			}
		});
		caller.start();
		this.second.awaitRequest();

		caller.interrupt();

		assertThat(failure).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(CancellationException.class);
		this.first.awaitClosedByClient();
		this.second.awaitClosedByClient();
		awaitNothingLeased();
	}

	@ParameterizedTest
	@EnumSource
	void makesTheSecondAttemptWithTheThreadLocalsOfItsCaller(Caller caller) {
		ThreadLocal<String> user = new ThreadLocal<>();
		List<String> users = new CopyOnWriteArrayList<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("test.user", user);
		try {
			Stock stock = learned(this.first, this.second);
			this.slow = true;
			user.set("joe");
			this.seen = () -> users.add(user.get());

			find(stock, caller);

			assertThat(users).containsExactly("joe", "joe");
		}
		finally {
			user.remove();
			ContextRegistry.getInstance().removeThreadLocalAccessor("test.user");
		}
	}

	private void answerLate() {
		try {
			answer(this.unanswered.get(0), this.question, "late");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Stock impatient() {
		this.timeout = Duration.ofMillis(400);
		return this.client.reference(Stock.class, "warehouse");
	}

	/** A reference whose calls are known to take little time. */
	private Stock learned(RawServer... instances) {
		List<RpcInstance> known = new ArrayList<>();
		for (RawServer server : instances) {
			known.add(new RpcInstance("" + server.uri().getPort(),
					URI.create("http://" + server.uri().getAuthority() + "/rpc")));
		}
		this.stages
			.addAll(List.of(new DeadlineInterceptor(this.timer), new RetryInterceptor(this.timer, Alternatives.NONE),
					new HedgingInterceptor(this.timer, this.executor.executor()),
					new TargetInterceptor((request, chain) -> choose(known, request, chain)),
					(RpcAttemptInterceptor) (request, chain) -> {
						this.seen.run();
						return chain.proceed(request);
					}));
		Resilience defaults = Resilience.DEFAULTS;
		Resilience often = new Resilience(defaults.retryBudget(),
				new Resilience.Hedging(0.95, true, new Resilience.Budget(1, 100)), null, defaults.balancing(), null);
		this.client = new RpcClient(TestRequests.MAPPER, this.transport, () -> this.stages,
				(target, method) -> settings(often).withTimeout(this.timeout), (type, target) -> null,
				this.executor.executor(), this.timer);
		Stock stock = this.client.reference(Stock.class, "warehouse");
		for (int i = 0; i < 100; i++) {
			stock.find("a");
			stock.findLater("a").join();
		}
		this.second.requests().clear();
		return stock;
	}

	private static CallSettings settings(Resilience resilience) {
		return TestRequests.balanced(TestRequests.resilient(TestRequests.SETTINGS, resilience));
	}

	/** Knows nothing of hedges. */
	private static CompletableFuture<RpcResponse> choose(List<RpcInstance> known, RpcRequest request,
			RpcClientInterceptor.Chain chain) {
		RpcInstance instance = known.stream()
			.filter((one) -> !request.context().tried().contains(one))
			.findFirst()
			.orElse(known.get(0));
		request.context().addTried(instance);
		return chain.proceed(request.withInstance(instance));
	}

	private static String find(Stock stock, Caller caller) {
		if (caller.isBlocking()) {
			return stock.find("a");
		}
		try {
			return stock.findLater("a").join();
		}
		catch (CompletionException ex) {
			throw (RuntimeException) ex.getCause();
		}
	}

	private void awaitNothingLeased() {
		await().atMost(Duration.ofSeconds(10)).until(() -> TransportPools.leased(this.transport) == 0);
	}

	private static void answer(RawServer.Connection connection, String request, String result) throws IOException {
		Matcher id = ID.matcher(request);
		connection.write(RawServer
			.ok("{\"jsonrpc\":\"2.0\",\"id\":" + (id.find() ? id.group(1) : "0") + ",\"result\":\"" + result + "\"}"));
	}

	@RpcContract("Stock")
	interface Stock {

		@RpcMethod(idempotency = Idempotency.SAFE)
		String find(String sku);

		@RpcMethod(value = "findLater", idempotency = Idempotency.SAFE)
		CompletableFuture<String> findLater(String sku);

	}

}
