package dev.rpcboot.client.transport;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcUnavailableException;
import dev.rpcboot.call.RpcHeaders;
import dev.rpcboot.client.CallContext;
import dev.rpcboot.client.RpcTransport.Answer;
import dev.rpcboot.client.RpcTransport.Message;
import dev.rpcboot.client.RpcTransport.Settings;
import dev.rpcboot.client.transport.RawServer.Script;
import org.apache.hc.core5.pool.PoolStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What a transport must do, for both kinds of caller, at raw sockets.
 */
@ParameterizedClass
@EnumSource(Caller.class)
@Timeout(30)
class HttpTransportTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(300);

	private static final Script SILENCE = (connection, request) -> {
	};

	private final Caller caller;

	private final HttpTransport transport;

	HttpTransportTests(Caller caller) {
		this.caller = caller;
		this.transport = caller.transport();
	}

	@AfterEach
	void close() {
		this.transport.close();
	}

	@Test
	void sendsOneCompleteRequestAndBringsBackTheAnswer() throws Exception {
		try (RawServer server = RawServer.answering(RawServer.ok("{\"result\":1}"))) {

			Answer answer = get(call(message(server.uri(), settings()), LONG));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.body()).asString().isEqualTo("{\"result\":1}");
			assertThat(answer.headers().first("content-type")).isEqualTo("application/json");
			assertThat(server.requests()).hasSize(1);
			assertThat(server.requests().get(0)).startsWith("POST /rpc/Stock HTTP/1.1\r\n")
				.contains("Host: 127.0.0.1:" + server.uri().getPort() + "\r\n")
				.contains("Content-Type: application/json\r\n")
				.contains("Accept: application/json\r\n")
				.contains("Rpc-Method: find\r\n")
				.contains("Content-Length: 7\r\n")
				.doesNotContain("Accept-Encoding")
				.endsWith("\r\n\r\n{\"a\":1}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "302 Found\r\nLocation: /elsewhere", "307 Temporary Redirect\r\nLocation: /elsewhere",
			"401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"", "408 Request Timeout", "429 Too Many Requests",
			"500 Internal Server Error", "503 Service Unavailable\r\nRetry-After: 0" })
	void handsOverEveryStatusAndSendsOnce(String head) throws Exception {
		try (RawServer server = RawServer.answering("HTTP/1.1 " + head + "\r\nContent-Length: 2\r\n\r\n{}")) {

			Answer answer = get(call(message(server.uri(), settings()), LONG));

			assertThat(answer.status()).isEqualTo(Integer.parseInt(head.substring(0, 3)));
			assertThat(answer.body()).asString().isEqualTo("{}");
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void keepsNoCookies() throws Exception {
		try (RawServer server = RawServer
			.answering("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 2\r\n\r\n{}")) {

			get(call(message(server.uri(), settings()), LONG));
			get(call(message(server.uri(), settings()), LONG));

			assertThat(server.requests()).hasSize(2).noneMatch((request) -> request.contains("Cookie"));
		}
	}

	@Test
	void inflatesNothing() throws Exception {
		try (RawServer server = RawServer
			.answering("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u001f\u008b\b")) {

			Answer answer = get(call(message(server.uri(), settings()), LONG));

			assertThat(answer.body()).containsExactly(0x1f, 0x8b, 8);
		}
	}

	@Test
	void passesOnTheHeadersThatMatterAndDropsWhatIsNotAscii() throws Exception {
		try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\nRpc-Status: OK\r\nRetry-After: 3\r\n"
				+ "Rpc-Meta-Name: J\u00fcrgen\r\nX-Other: 1\r\nContent-Length: 0\r\n\r\n")) {

			Answer answer = get(call(message(server.uri(), settings()), LONG));

			assertThat(answer.headers()).isEqualTo(RpcHeaders.EMPTY.with("Rpc-Status", "OK").with("Retry-After", "3"));
			assertThat(answer.body()).isEmpty();
		}
	}

	@Test
	void letsNoHeaderOfACallChangeTheFraming() throws Exception {
		try (RawServer server = RawServer.answering(RawServer.ok("{}"))) {
			Message message = message(server.uri(), settings());
			RpcHeaders headers = message.headers()
				.with("transfer-encoding", "chunked")
				.with("Content-Length", "1")
				.with("Expect", "100-continue");

			get(call(new Message(message.uri(), headers, message.body(), message.settings(), "Stock/find"), LONG));

			assertThat(server.requests()).hasSize(1);
			assertThat(server.requests().get(0)).contains("Content-Length: 7\r\n")
				.doesNotContain("Content-Length: 1\r\n")
				.doesNotContain("chunked", "Expect");
		}
	}

	@Test
	void readsChunkedAnswersAndUsesTheConnectionAgain() throws Exception {
		try (RawServer server = RawServer.answering(
				"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nT: 1\r\n\r\n")) {

			for (int i = 0; i < 3; i++) {
				Answer answer = get(call(message(server.uri(), settings()), LONG));
				assertThat(answer.body()).asString().isEqualTo("{\"a\":1}");
			}

			assertThat(server.requests()).hasSize(3);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void sendsAndReceivesBodiesLargerThanItsBuffers() throws Exception {
		String large = "x".repeat(1_000_000);
		try (RawServer server = RawServer.answering(RawServer.ok(large))) {
			Message message = new Message(server.uri(), RpcHeaders.EMPTY, large.getBytes(StandardCharsets.US_ASCII),
					settings(), "Stock/find");

			Answer answer = get(call(message, LONG));

			assertThat(answer.body()).asString().isEqualTo(large);
			assertThat(server.requests().get(0)).endsWith("\r\n\r\n" + large);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Connection: close", "Keep-Alive: timeout=1" })
	void opensAnotherConnectionWhenTheServerWillNotKeepThisOne(String header) throws Exception {
		try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\n" + header + "\r\nContent-Length: 0\r\n\r\n")) {

			get(call(message(server.uri(), settings()), LONG));
			server.awaitClosedByClient();
			get(call(message(server.uri(), settings()), LONG));

			assertThat(server.connections()).isEqualTo(2);
		}
	}

	@Test
	void remembersForHowLongTheServerKeepsAConnection() throws Exception {
		assumeThat(this.caller).isEqualTo(Caller.SOCKETS);
		AtomicInteger requests = new AtomicInteger();
		try (RawServer server = RawServer
			.playing((connection, request) -> connection.write((requests.incrementAndGet() > 1) ? RawServer.ok("{}")
					: "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n"))) {

			get(call(message(server.uri(), settings()), LONG));
			get(call(message(server.uri(), settings()), LONG));
			server.awaitClosedByClient();

			assertThat(server.connections()).isEqualTo(1);
			assertThat(server.requests().get(0)).contains("Connection: keep-alive\r\n");
			assertThat(server.requests().get(1)).doesNotContain("Connection");
		}
	}

	@Test
	void closesConnectionsThatAreIdleForTooLong() throws Exception {
		Settings settings = new Settings(Duration.ofSeconds(1), 64, Duration.ofMillis(200), DataSize.ofMegabytes(1),
				null);
		try (RawServer server = RawServer.answering(RawServer.ok("{}"))) {

			get(call(message(server.uri(), settings), LONG));

			server.awaitClosedByClient();
			await((stats) -> stats.getAvailable() == 0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "in one piece", "later" })
	void takesNoAnswerForItsOwnThatWasThereBefore(String duplicate) throws Exception {
		String refusal = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 1\r\n\r\nx";
		AtomicInteger requests = new AtomicInteger();
		CountDownLatch answered = new CountDownLatch(1);
		CountDownLatch duplicated = new CountDownLatch(1);
		try (RawServer server = RawServer.playing((connection, request) -> {
			if (requests.incrementAndGet() > 1) {
				connection.write(RawServer.ok("{}"));
			}
			else if (duplicate.equals("later")) {
				connection.write(refusal);
				answered.await(10, TimeUnit.SECONDS);
				connection.write(refusal);
			}
			else {
				connection.write(refusal + refusal);
			}
			duplicated.countDown();
		})) {
			assertThat(get(call(message(server.uri(), settings()), LONG)).status()).isEqualTo(503);
			answered.countDown();
			assertThat(duplicated.await(10, TimeUnit.SECONDS)).isTrue();

			CompletableFuture<Answer> second = call(message(server.uri(), settings()), LONG);

			// or the connection is given up, by the event loop even before anything is
			// sent
			assertThat(second.thenApply(Answer::status).exceptionally((failure) -> 0).get(10, TimeUnit.SECONDS)).isIn(0,
					200);
			assertThat(second).satisfiesAnyOf((answer) -> assertThat(answer).isCompleted(),
					(answer) -> assertThat(failureOf(answer)).isInstanceOfAny(RpcConnectionException.class,
							RpcUnavailableException.class));
			assertThat(get(call(message(server.uri(), settings()), LONG)).status()).isEqualTo(200);
		}
	}

	@Test
	void doesNotRepeatARequestThatMetAConnectionBeingClosed() throws Exception {
		Script closesInsteadOfTheSecondAnswer = new Script() {

			private boolean answered;

			@Override
			public synchronized void play(RawServer.Connection connection, String request) throws java.io.IOException {
				if (this.answered) {
					connection.close();
				}
				else {
					this.answered = true;
					connection.write(RawServer.ok("{}"));
				}
			}

		};
		try (RawServer server = RawServer.playing(closesInsteadOfTheSecondAnswer)) {
			get(call(message(server.uri(), settings()), LONG));

			Throwable failure = failureOf(call(message(server.uri(), settings()), LONG));

			assertThat(failure).isInstanceOf(RpcConnectionException.class);
			assertThat(server.requests()).hasSize(2);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void doesNotKnowWhetherTheMethodRanAfterAReset() throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> connection.reset())) {

			Throwable failure = failureOf(call(message(server.uri(), settings()), LONG));

			assertThat(failure).isInstanceOf(RpcConnectionException.class)
				.hasMessageContaining("Stock/find on warehouse at 127.0.0.1:" + server.uri().getPort());
			assertThat(server.requests()).hasSize(1);
			assertNothingLeased();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 10\r\n\r\n{\"a\"", "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n",
			"Transfer-Encoding: chunked\r\n\r\n9\r\n{\"a\"", "Content-Length: 5\r\n" })
	void aTruncatedAnswerIsALostConnection(String cut) throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> {
			connection.write("HTTP/1.1 200 OK\r\n" + cut);
			connection.close();
		})) {

			Throwable failure = failureOf(call(message(server.uri(), settings()), LONG));

			assertThat(failure).isInstanceOf(RpcConnectionException.class);
			assertThat(server.requests()).hasSize(1);
			assertNothingLeased();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "SSH-2.0-OpenSSH_9.6\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" })
	void whatIsNotHttpIsAProtocolFailure(String bytes) throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> {
			connection.write(bytes);
			connection.close();
		})) {

			Throwable failure = failureOf(call(message(server.uri(), settings()), LONG));

			assertThat(failure).isInstanceOf(RpcProtocolException.class);
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.UNKNOWN);
		}
	}

	@Test
	void refusesHeadsThatNeverEnd() throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> {
			connection.write("HTTP/1.1 200 OK\r\n");
			while (true) {
				connection.write("X: y\r\n");
			}
		})) {

			Throwable failure = failureOf(call(message(server.uri(), settings()), LONG));

			assertThat(failure).isInstanceOf(RpcProtocolException.class);
			assertNothingLeased();
		}
	}

	@Test
	void refusesALineThatNeverEnds() throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> {
			connection.write("HTTP/1.1 200 OK\r\nX: ");
			while (true) {
				connection.write("y".repeat(1000));
			}
		})) {

			Throwable failure = failureOf(call(message(server.uri(), settings()), LONG));

			assertThat(failure).isInstanceOf(RpcProtocolException.class);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 2000\r\n\r\n",
			"Transfer-Encoding: chunked\r\n\r\n400\r\n%1$s\r\n1\r\nx\r\n", "Connection: close\r\n\r\n%1$sx" })
	void refusesAnAnswerAboveTheLimitDeclaredOrCounted(String answer) throws Exception {
		Settings settings = new Settings(Duration.ofSeconds(1), 64, LONG, DataSize.ofKilobytes(1), null);
		try (RawServer server = RawServer.answering("HTTP/1.1 200 OK\r\n" + String.format(answer, "y".repeat(1024)))) {

			Throwable failure = failureOf(call(message(server.uri(), settings), LONG));

			assertThat(failure).isInstanceOf(RpcProtocolException.class).hasMessageContaining("max-answer-size");
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.EXECUTED);
			assertNothingLeased();
		}
	}

	@Test
	void acceptsAnAnswerOfExactlyTheLimit() throws Exception {
		Settings settings = new Settings(Duration.ofSeconds(1), 64, LONG, DataSize.ofKilobytes(1), null);
		try (RawServer server = RawServer.answering(
				"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" + "y".repeat(1024) + "\r\n0\r\n\r\n")) {

			assertThat(get(call(message(server.uri(), settings), LONG)).body()).hasSize(1024);
		}
	}

	@Test
	void nothingWasExecutedWhenTheConnectionIsRefused() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		CallContext context = this.caller.context(LONG);

		Throwable failure = failureOf(
				call(message(URI.create("http://127.0.0.1:" + port + "/rpc"), settings()), context));

		assertUnavailable(failure, "127.0.0.1:" + port);
		assertThat(context.isSent()).isFalse();
		assertNothingLeased();
	}

	@Test
	void nothingWasExecutedWhenTheHostIsUnknown() {
		Throwable failure = failureOf(
				call(message(URI.create("http://no-such-host.invalid:80/rpc"), settings()), LONG));

		assertUnavailable(failure, "no known address");
	}

	@Test
	void givesUpConnectingAfterTheConnectTimeout() throws Exception {
		Settings settings = new Settings(SHORT, 64, LONG, DataSize.ofMegabytes(1), null);
		try (BlackHole hole = new BlackHole()) {

			Throwable failure = failureOf(call(message(hole.uri(), settings), LONG));

			assertUnavailable(failure, "300ms (connect-timeout)");
			assertNothingLeased();
		}
	}

	@Test
	void theDeadlineEndsConnecting() throws Exception {
		Settings settings = new Settings(LONG, 64, LONG, DataSize.ofMegabytes(1), null);
		try (BlackHole hole = new BlackHole()) {

			Throwable failure = failureOf(call(message(hole.uri(), settings), SHORT));

			assertDeadline(failure, Execution.NOT_EXECUTED);
			assertNothingLeased();
		}
	}

	@Test
	void theDeadlineEndsWaitingForAnAnswer() throws Exception {
		try (RawServer server = RawServer.playing(SILENCE)) {
			CallContext context = this.caller.context(LONG);
			CompletableFuture<Answer> answer = call(message(server.uri(), settings()), context);
			server.awaitRequest();

			context.expire();

			assertDeadline(failureOf(answer), Execution.UNKNOWN);
			assertNothingLeased();
			server.awaitClosedByClient();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" })
	void theDeadlineEndsAnAnswerThatDrips(String start) throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> {
			connection.write(start);
			while (true) {
				connection.write("x");
				TimeUnit.MILLISECONDS.sleep(50);
			}
		})) {

			// time passes here, so that the answer is dripping when the deadline comes
			Throwable failure = failureOf(call(message(server.uri(), settings()), Duration.ofSeconds(1)));

			assertDeadline(failure, Execution.UNKNOWN);
			assertNothingLeased();
		}
	}

	@Test
	void theDeadlineEndsWaitingForAConnection() throws Exception {
		Settings one = new Settings(Duration.ofSeconds(1), 1, LONG, DataSize.ofMegabytes(1), null);
		try (RawServer server = RawServer.playing(SILENCE)) {
			CallContext first = this.caller.context(LONG);
			CompletableFuture<Answer> holding = call(message(server.uri(), one), first);
			server.awaitRequest();
			CallContext second = this.caller.context(SHORT);

			Throwable failure = failureOf(call(message(server.uri(), one), second));

			assertDeadline(failure, Execution.NOT_EXECUTED);
			assertThat(failure).hasMessageContaining("none of its 1 connections (max-connections)");
			assertThat(second.isSent()).isFalse();
			assertThat(server.connections()).isEqualTo(1);
			first.cancel();
			assertThat(failureOf(holding)).isInstanceOf(CancellationException.class);
			assertNothingLeased();
		}
	}

	@Test
	void waitsForAConnectionThatBecomesFree() throws Exception {
		Settings two = new Settings(Duration.ofSeconds(1), 2, LONG, DataSize.ofMegabytes(1), null);
		CountDownLatch bothBusy = new CountDownLatch(2);
		try (RawServer server = RawServer.playing((connection, request) -> {
			bothBusy.countDown();
			bothBusy.await(10, TimeUnit.SECONDS);
			connection.write(RawServer.ok("{}"));
		})) {

			List<CompletableFuture<Answer>> answers = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				answers.add(call(message(server.uri(), two), LONG));
			}

			for (CompletableFuture<Answer> answer : answers) {
				assertThat(get(answer).status()).isEqualTo(200);
			}
			assertThat(server.requests()).hasSize(50);
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	@Test
	void sendsNothingForACallThatIsOverAlready() throws Exception {
		try (RawServer server = RawServer.answering(RawServer.ok("{}"))) {
			CallContext cancelled = this.caller.context(LONG);
			cancelled.cancel();
			CallContext expired = this.caller.context(Duration.ZERO);

			Throwable first = failureOf(call(message(server.uri(), settings()), cancelled));
			Throwable second = failureOf(call(message(server.uri(), settings()), expired));

			assertThat(first).isInstanceOf(CancellationException.class);
			assertDeadline(second, Execution.NOT_EXECUTED);
			assertThat(server.connections()).isZero();
		}
	}

	@Test
	void cancelledCallsLeaveNoConnectionAndNoThreadBehind() throws Exception {
		try (RawServer server = RawServer.playing(SILENCE)) {
			List<CallContext> contexts = new ArrayList<>();
			List<CompletableFuture<Answer>> answers = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				CallContext context = this.caller.context(LONG);
				contexts.add(context);
				answers.add(call(message(server.uri(), settings()), context));
			}
			for (int i = 0; i < 64; i++) {
				server.awaitRequest();
			}

			contexts.forEach(CallContext::cancel);

			for (CompletableFuture<Answer> answer : answers) {
				assertThat(failureOf(answer)).isInstanceOf(CancellationException.class);
			}
			assertNothingLeased();
			await((stats) -> stats.getAvailable() == 0 && stats.getPending() == 0);
		}
	}

	@Test
	void callsThatEndAtAnyMomentLeaveNothingBehind() throws Exception {
		Settings few = new Settings(Duration.ofSeconds(1), 8, LONG, DataSize.ofMegabytes(1), null);
		SplittableRandom random = new SplittableRandom(42);
		Semaphore room = new Semaphore(32);
		try (RawServer server = RawServer.answering(RawServer.ok("{}"))) {

			List<CompletableFuture<Throwable>> outcomes = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				assertThat(room.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
				outcomes.add(call(message(server.uri(), few), Duration.ofNanos(random.nextLong(4_000_000)))
					.handle((answer, failure) -> {
						room.release();
						return failure;
					}));
			}

			for (CompletableFuture<Throwable> outcome : outcomes) {
				Throwable failure = outcome.get(10, TimeUnit.SECONDS);
				assertThat((failure instanceof CompletionException) ? failure.getCause() : failure).satisfiesAnyOf(
						(none) -> assertThat(none).isNull(),
						(late) -> assertThat(late).isInstanceOf(RpcDeadlineExceededException.class));
			}
			await((stats) -> stats.getLeased() == 0 && stats.getPending() == 0);
			assertThat(get(call(message(server.uri(), few), LONG)).status()).isEqualTo(200);
		}
	}

	@Test
	void manyCallersGetTheirOwnAnswers() throws Exception {
		try (RawServer server = RawServer.playing((connection, request) -> connection
			.write(RawServer.ok(request.substring(request.indexOf("\r\n\r\n") + 4))))) {

			List<CompletableFuture<Answer>> answers = new ArrayList<>();
			for (int i = 0; i < 640; i++) {
				Message message = message(server.uri(), settings());
				answers.add(call(new Message(message.uri(), message.headers(), ("call " + i).getBytes(), settings(),
						"Stock/find"), LONG));
			}

			for (int i = 0; i < answers.size(); i++) {
				assertThat(get(answers.get(i)).body()).asString().isEqualTo("call " + i);
			}
			assertThat(server.connections()).isLessThanOrEqualTo(64);
			assertNothingLeased();
		}
	}

	@Test
	void theDeadlineEndsNameResolution() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		try (HttpTransport transport = this.caller.transport((bundle) -> {
			throw new AssertionError();
		}, (host) -> {
			awaitUninterruptibly(never);
			return InetAddress.getAllByName(host);
		})) {
			Settings settings = new Settings(LONG, 64, LONG, DataSize.ofMegabytes(1), null);

			Throwable failure = failureOf(this.caller.call(transport,
					message(URI.create("http://slow.test:80/rpc"), settings), this.caller.context(SHORT)));

			assertDeadline(failure, Execution.NOT_EXECUTED);
			assertThat(failure).hasMessageContaining("name resolution");
			await(transport, (stats) -> stats.getLeased() == 0);
		}
		finally {
			never.countDown();
		}
	}

	@Test
	void reachesAHostByItsName() throws Exception {
		try (RawServer server = RawServer.answering(RawServer.ok("{}"));
				HttpTransport transport = this.caller.transport((bundle) -> {
					throw new AssertionError();
				}, (host) -> new InetAddress[] { InetAddress.getByName("127.0.0.1") })) {

			Answer answer = get(this.caller.call(transport, message(server.uri("http", "my_stock.test"), settings()),
					this.caller.context(LONG)));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(server.requests().get(0)).contains("Host: my_stock.test:" + server.uri().getPort() + "\r\n");
		}
	}

	@Test
	void anInterruptEndsTheCallOfAThreadThatWaits() throws Exception {
		assumeThat(this.caller.isBlocking()).isTrue();
		try (RawServer server = RawServer.playing(SILENCE)) {
			CallContext context = this.caller.context(LONG);
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			CompletableFuture<Boolean> flag = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				failure.complete(failureOf(this.transport.exchange(message(server.uri(), settings()), context)));
				flag.complete(Thread.currentThread().isInterrupted());
			});
			thread.start();
			server.awaitRequest();

			thread.interrupt();

			assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
			assertThat(flag.get(10, TimeUnit.SECONDS)).isTrue();
			assertThat(context.isCancelled()).isTrue();
			assertNothingLeased();
		}
	}

	@Test
	void anInterruptEndsWaitingForAConnection() throws Exception {
		assumeThat(this.caller.isBlocking()).isTrue();
		Settings one = new Settings(Duration.ofSeconds(1), 1, LONG, DataSize.ofMegabytes(1), null);
		try (RawServer server = RawServer.playing(SILENCE)) {
			CallContext first = this.caller.context(LONG);
			call(message(server.uri(), one), first);
			server.awaitRequest();
			CallContext second = this.caller.context(LONG);
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			Thread thread = new Thread(
					() -> failure.complete(failureOf(this.transport.exchange(message(server.uri(), one), second))));
			thread.start();
			await((stats) -> stats.getPending() == 1);

			thread.interrupt();

			assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
			assertThat(second.isSent()).isFalse();
			first.cancel();
			assertNothingLeased();
		}
	}

	private void assertNothingLeased() throws InterruptedException {
		await((stats) -> stats.getLeased() == 0);
	}

	private void await(Predicate<PoolStats> condition) throws InterruptedException {
		await(this.transport, condition);
	}

	// giving a connection back may end a moment after the answer
	private static void await(HttpTransport transport, Predicate<PoolStats> condition) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
		while (!transport.stats().stream().allMatch(condition)) {
			assertThat(System.nanoTime()).as(transport.stats().toString()).isLessThan(end);
			Thread.onSpinWait();
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void assertDeadline(Throwable failure, Execution execution) {
		assertThat(failure).isInstanceOf(RpcDeadlineExceededException.class)
			.hasMessageContaining("Stock/find on warehouse at ");
		assertThat(((RpcException) failure).execution()).isEqualTo(execution);
	}

	private static void assertUnavailable(Throwable failure, String message) {
		assertThat(failure).isInstanceOf(RpcUnavailableException.class).hasMessageContaining(message);
		assertThat(((RpcUnavailableException) failure).reason())
			.isEqualTo(RpcUnavailableException.Reason.CONNECT_FAILED);
	}

	private CompletableFuture<Answer> call(Message message, Duration timeout) {
		return call(message, this.caller.context(timeout));
	}

	private CompletableFuture<Answer> call(Message message, CallContext context) {
		return this.caller.call(this.transport, message, context);
	}

	private static Answer get(CompletableFuture<Answer> answer) throws Exception {
		return answer.get(15, TimeUnit.SECONDS);
	}

	private static Throwable failureOf(CompletableFuture<Answer> answer) {
		Throwable failure = catchThrowable(answer.isDone() ? answer::join : () -> get(answer));
		return (failure instanceof ExecutionException || failure instanceof CompletionException) ? failure.getCause()
				: failure;
	}

	private static Message message(URI uri, Settings settings) {
		return new Message(uri, RpcHeaders.EMPTY.with("Accept", "application/json").with("Rpc-Method", "find"),
				"{\"a\":1}".getBytes(StandardCharsets.UTF_8), settings, "Stock/find on warehouse");
	}

	private static Settings settings() {
		return new Settings(Duration.ofSeconds(1), 64, Duration.ofSeconds(10), DataSize.ofMegabytes(16), null);
	}

	/**
	 * A listener whose backlog is full: Linux drops further attempts to connect.
	 */
	private static final class BlackHole implements AutoCloseable {

		private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

		private final List<Socket> waiting = new ArrayList<>();

		private BlackHole() throws Exception {
			try {
				while (this.waiting.size() < 100) {
					Socket socket = new Socket();
					this.waiting.add(socket);
					socket.connect(this.listener.getLocalSocketAddress(), 200);
				}
			}
			catch (java.net.SocketTimeoutException ex) {
				// full
			}
		}

		private URI uri() {
			return URI.create("http://127.0.0.1:" + this.listener.getLocalPort() + "/rpc");
		}

		@Override
		public void close() throws Exception {
			this.listener.close();
			for (Socket socket : this.waiting) {
				socket.close();
			}
		}

	}

}
