package dev.rpcboot.client.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

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
import dev.rpcboot.client.transport.RawHttp2Server.Frame;
import dev.rpcboot.client.transport.RawHttp2Server.Request;
import dev.rpcboot.client.transport.RawHttp2Server.Script;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * What a transport must do over HTTP/2, at raw sockets.
 */
@Timeout(30)
class Http2TransportTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final Duration SHORT = Duration.ofMillis(300);

	private static final Script SILENCE = (connection, request) -> {
	};

	private static final Script GREETING = (connection, request) -> {
		if (request.body().equals("hello")) {
			connection.answer(request.stream(), "{}");
		}
	};

	private static final Script ECHO = (connection, request) -> connection.answer(request.stream(), request.body());

	private final HttpTransport transport = Caller.ASYNC.transport();

	@AfterEach
	void close() {
		this.transport.close();
	}

	@Test
	void sendsOneCompleteRequestAndBringsBackTheAnswer() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.answering("{\"result\":1}")) {

			Answer answer = get(call(server.uri(), "{\"a\":1}"));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.body()).asString().isEqualTo("{\"result\":1}");
			Request request = server.awaitRequest();
			assertThat(request.body()).isEqualTo("{\"a\":1}");
			assertThat(request.names()).startsWith(":method", ":scheme", ":authority", ":path");
			assertThat(request.header(":method")).isEqualTo("POST");
			assertThat(request.header(":scheme")).isEqualTo("http");
			assertThat(request.header(":authority")).isEqualTo("127.0.0.1:" + server.uri().getPort());
			assertThat(request.header(":path")).isEqualTo("/rpc/Stock");
			assertThat(request.header("content-type")).isEqualTo("application/json");
			assertThat(request.header("accept")).isEqualTo("application/json");
			assertThat(request.header("rpc-method")).isEqualTo("find");
			assertThat(request.header("content-length")).isEqualTo("7");
			assertThat(server.hasNoRequest()).isTrue();
		}
	}

	@Test
	void sendsNoHeaderThatIsAboutAConnection() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.answering("{}")) {
			RpcHeaders headers = RpcHeaders.EMPTY.with("Connection", "close")
				.with("Keep-Alive", "timeout=1")
				.with("Transfer-Encoding", "chunked")
				.with("TE", "trailers")
				.with("Upgrade", "h2c")
				.with("Proxy-Connection", "close")
				.with("Host", "elsewhere");

			get(call(new Message(server.uri(), headers, "{}".getBytes(), settings(), "Stock/find"), context(LONG)));

			assertThat(server.awaitRequest().names()).doesNotContain("connection", "keep-alive", "transfer-encoding",
					"te", "upgrade", "proxy-connection", "host");
		}
	}

	@Test
	void callsOfABlockingCallerStayOnHttp1() throws Exception {
		try (HttpTransport blocking = Caller.SOCKETS.transport();
				RawServer server = RawServer.answering(RawServer.ok("{}"))) {

			Answer answer = get(
					Caller.SOCKETS.call(blocking, message(server.uri(), "{}"), Caller.SOCKETS.context(LONG)));

			assertThat(answer.status()).isEqualTo(200);
		}
	}

	@Test
	void manyCallsShareOneConnectionAndEachGetsItsOwnAnswer() throws Exception {
		CountDownLatch all = new CountDownLatch(64);
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			all.countDown();
			Thread thread = new Thread(() -> answerAfter(all, connection, request));
			thread.setDaemon(true);
			thread.start();
		})) {
			List<CompletableFuture<Answer>> answers = new ArrayList<>();
			for (int i = 0; i < 64; i++) {
				answers.add(call(server.uri(), "call " + i));
			}

			for (int i = 0; i < 64; i++) {
				assertThat(get(answers.get(i)).body()).asString().isEqualTo("call " + i);
			}
			assertThat(server.connections()).isEqualTo(1);
			assertNothingLeased();
		}
	}

	private static void answerAfter(CountDownLatch latch, RawHttp2Server.Connection connection, Request request) {
		try {
			latch.await(10, TimeUnit.SECONDS);
			connection.answer(request.stream(), request.body());
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void headsOfLaterRequestsAreSmall() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(ECHO)) {
			for (int i = 0; i < 300; i++) {
				RpcHeaders headers = RpcHeaders.EMPTY.with(RpcHeaders.METHOD, "find")
					.with(RpcHeaders.TIMEOUT, Integer.toString(1000 + i))
					.with(RpcHeaders.CALL_ID, "call-with-a-name-of-its-own-" + i);
				get(call(new Message(server.uri(), headers, "{}".getBytes(), settings(), "Stock/find"), context(LONG)));
			}

			List<Frame> heads = server.frames(Http2Frame.HEADERS);
			assertThat(heads.get(0).payload()).hasSizeGreaterThan(100);
			// of what is the same each time nothing is left, also after many
			assertThat(heads.get(1).payload()).hasSizeLessThan(90);
			assertThat(heads.get(299).payload()).hasSizeLessThan(90);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 100 })
	void keepsWithinTheHeaderTableOfTheServer(int size) throws Exception {
		byte[] settings = RawHttp2Server.setting(Http2Frame.HEADER_TABLE_SIZE, size);
		try (RawHttp2Server server = RawHttp2Server.playing(settings, ECHO)) {
			for (int i = 0; i < 3; i++) {
				get(call(server.uri(), "{}"));
				assertThat(server.awaitRequest().header("rpc-method")).isEqualTo("find");
			}

			// the first thing that is said of a table is its size
			byte[] head = server.awaitFrame(Http2Frame.HEADERS).payload();
			assertThat(head[0] & 0xe0).isEqualTo(0x20);
		}
	}

	@Test
	void sendsAndReceivesBodiesLargerThanTheWindows() throws Exception {
		String large = "x".repeat(400_000);
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CompletableFuture<Answer> answer = call(server.uri(), large);
			int stream = server.awaitFrame(Http2Frame.HEADERS).stream();
			server.connection(0).grant(0, 1_000_000);
			server.connection(0).grant(stream, 1_000_000);
			assertThat(server.awaitRequest().body()).isEqualTo(large);

			server.connection(0).head(stream, false);
			inPieces(large.substring(0, 200_000), (piece) -> server.connection(0).data(stream, piece, false));
			await().until(() -> server.awaitFrame(Http2Frame.WINDOW_UPDATE).stream() == stream);
			inPieces(large.substring(200_000), (piece) -> server.connection(0).data(stream, piece, false));
			server.connection(0).data(stream, "", true);

			assertThat(get(answer).body()).asString().isEqualTo(large);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	private static void inPieces(String text, Piece action) throws IOException {
		for (int at = 0; at < text.length(); at += 10_000) {
			action.take(text.substring(at, at + 10_000));
		}
	}

	@Test
	void sendsNoMoreThanTheServerLets() throws Exception {
		byte[] settings = RawHttp2Server.setting(Http2Frame.INITIAL_WINDOW_SIZE, 10);
		try (RawHttp2Server server = RawHttp2Server.playing(settings, ECHO)) {
			CompletableFuture<Answer> answer = call(server.uri(), "0123456789abcdef");
			Frame first = server.awaitFrame(Http2Frame.DATA);
			assertThat(new String(first.payload(), StandardCharsets.US_ASCII)).isEqualTo("0123456789");

			server.connection(0).grant(first.stream(), 100);

			assertThat(get(answer).body()).asString().isEqualTo("0123456789abcdef");
		}
	}

	@Test
	void endsTheStreamOfACancelledCallAndNoOther() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CallContext cancelled = context(LONG);
			CompletableFuture<Answer> first = call(message(server.uri(), "first"), cancelled);
			CompletableFuture<Answer> second = call(server.uri(), "second");
			Request one = server.awaitRequest();
			Request other = server.awaitRequest();

			cancelled.cancel();

			assertThat(failureOf(first)).isInstanceOf(CancellationException.class);
			Frame reset = server.awaitFrame(Http2Frame.RST_STREAM);
			assertThat(reset.stream()).isEqualTo(one.body().equals("first") ? one.stream() : other.stream());
			assertThat(reset.code()).isEqualTo(RawHttp2Server.CANCEL);
			server.connection(0).answer(one.body().equals("first") ? other.stream() : one.stream(), "{}");
			assertThat(get(second).status()).isEqualTo(200);
			assertThat(get(later(server)).status()).isEqualTo(200);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	private CompletableFuture<Answer> later(RawHttp2Server server) throws Exception {
		CompletableFuture<Answer> answer = call(server.uri(), "later");
		server.connection(0).answer(server.awaitRequest().stream(), "{}");
		return answer;
	}

	@Test
	void resetsNoMoreStreamsThanAServerStands() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CompletableFuture<Answer> patient = call(server.uri(), "patient");
			int stream = server.awaitRequest().stream();
			List<CallContext> contexts = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				CallContext context = context(LONG);
				contexts.add(context);
				call(message(server.uri(), "impatient"), context);
				server.awaitRequest();
			}

			contexts.forEach(CallContext::cancel);

			assertNoMoreLeasedThan(1);
			CompletableFuture<Answer> next = call(server.uri(), "next");
			int elsewhere = server.awaitRequest().stream();
			assertThat(server.connections()).isEqualTo(2);
			assertThat(patient).isNotDone();
			// with an answer that nobody waits for
			server.connection(0).answer(stream + 80, "{}");
			server.connection(0).answer(stream, "{}");
			assertThat(get(patient).status()).isEqualTo(200);
			server.awaitClosedByClient();
			assertThat(server.frames(Http2Frame.RST_STREAM)).hasSizeBetween(10, 12);
			server.connection(1).answer(elsewhere, "{}");
			assertThat(get(next).status()).isEqualTo(200);
		}
	}

	@Test
	void anAnswerThatComesTooLateHarmsNobody() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CallContext cancelled = context(LONG);
			call(message(server.uri(), "first"), cancelled);
			int late = server.awaitRequest().stream();
			cancelled.cancel();
			server.awaitFrame(Http2Frame.RST_STREAM);

			server.connection(0).answer(late, "{}");
			server.connection(0).reset(late, 0);
			server.connection(0).grant(late, 10);

			assertThat(get(later(server)).status()).isEqualTo(200);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void theDeadlineEndsWaitingForAnAnswer() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CallContext context = context(LONG);
			CompletableFuture<Answer> answer = call(message(server.uri(), "{}"), context);
			server.awaitRequest();

			context.expire();

			assertDeadline(failureOf(answer), Execution.UNKNOWN);
			server.awaitFrame(Http2Frame.RST_STREAM);
			assertNothingLeased();
		}
	}

	@Test
	void noMoreCallsAreSentAtATimeThanAreAllowed() throws Exception {
		Settings one = new Settings(Duration.ofSeconds(1), 1, LONG, DataSize.ofMegabytes(1), null, true);
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CompletableFuture<Answer> first = call(message(server.uri(), "first", one), context(LONG));
			Request sent = server.awaitRequest();
			CallContext second = context(SHORT);

			Throwable failure = failureOf(call(message(server.uri(), "second", one), second));

			assertDeadline(failure, Execution.NOT_EXECUTED);
			assertThat(failure).hasMessageContaining("none of its 1 streams (max-connections, or fewer");
			assertThat(second.isSent()).isFalse();
			assertThat(server.hasNoRequest()).isTrue();
			CompletableFuture<Answer> third = call(message(server.uri(), "third", one), context(LONG));
			server.connection(0).answer(sent.stream(), "{}");
			assertThat(get(first).status()).isEqualTo(200);
			assertThat(server.awaitRequest().body()).isEqualTo("third");
			assertThat(third).isNotDone();
		}
	}

	@Test
	void noMoreCallsAreSentAtATimeThanTheServerTakes() throws Exception {
		byte[] settings = RawHttp2Server.setting(Http2Frame.MAX_CONCURRENT_STREAMS, 1);
		try (RawHttp2Server server = RawHttp2Server.playing(settings, SILENCE)) {
			CompletableFuture<Answer> first = call(server.uri(), "first");
			Request sent = server.awaitRequest();

			assertDeadline(failureOf(call(message(server.uri(), "second"), context(SHORT))), Execution.NOT_EXECUTED);

			assertThat(server.hasNoRequest()).isTrue();
			CompletableFuture<Answer> third = call(server.uri(), "third");
			server.connection(0)
				.frame(Http2Frame.SETTINGS, 0, 0, RawHttp2Server.setting(Http2Frame.MAX_CONCURRENT_STREAMS, 2));
			assertThat(server.awaitRequest().body()).isEqualTo("third");
			assertThat(List.of(first, third)).noneMatch(CompletableFuture::isDone);
			server.connection(0).answer(sent.stream(), "{}");
			assertThat(get(first).status()).isEqualTo(200);
		}
	}

	@Test
	void whatWaitsForTheServerIsSentWhenAnotherIsAnswered() throws Exception {
		byte[] settings = RawHttp2Server.setting(Http2Frame.MAX_CONCURRENT_STREAMS, 1);
		try (RawHttp2Server server = RawHttp2Server.playing(settings, ECHO)) {
			List<CompletableFuture<Answer>> answers = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				answers.add(call(server.uri(), "call " + i));
			}

			for (int i = 0; i < 20; i++) {
				assertThat(get(answers.get(i)).body()).asString().isEqualTo("call " + i);
			}
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void aCallWhoseHeadersTheServerDoesNotTakeWasNotExecuted() throws Exception {
		byte[] settings = RawHttp2Server.setting(Http2Frame.MAX_HEADER_LIST_SIZE, 1000);
		try (RawHttp2Server server = RawHttp2Server.playing(settings, ECHO)) {
			RpcHeaders headers = RpcHeaders.EMPTY.with("Authorization", "x".repeat(1000));
			Message large = new Message(server.uri(), headers, "{}".getBytes(), settings(), "Stock/find on warehouse");

			assertUnavailable(failureOf(call(large, context(LONG))), "its headers are larger than the server takes");

			assertThat(get(call(server.uri(), "small")).body()).asString().isEqualTo("small");
			assertThat(server.awaitRequest().body()).isEqualTo("small");
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void aCallThatEndsBeforeItWaitsIsNotSent() throws Exception {
		CallContext context = context(LONG);
		Message message = message(URI.create("http://127.0.0.1:1/rpc"), "{}");
		Attempt attempt = new Attempt(message, Destination.of(message.uri()), context);
		MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		Http2Instance instance = new Http2Instance(1, eventLoops.next(), (to, eventLoop) -> {
			throw new AssertionError("No connection is needed");
		}, (connection) -> false);
		attempt.begin();

		context.cancel();

		assertThatExceptionOfType(CancellationException.class)
			.isThrownBy(() -> instance.send(new AsyncAnswer(attempt)));
		eventLoops.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
		assertThat(instance.stats().getPending() + instance.stats().getLeased()).isZero();
	}

	@Test
	void refusesAnAnswerAboveTheLimitAndEndsItsStream() throws Exception {
		Settings settings = new Settings(Duration.ofSeconds(1), 64, LONG, DataSize.ofKilobytes(1), null, true);
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			connection.head(request.stream(), false);
			connection.data(request.stream(), "y".repeat(1025), false);
		})) {

			Throwable failure = failureOf(call(message(server.uri(), "{}", settings), context(LONG)));

			assertThat(failure).isInstanceOf(RpcProtocolException.class).hasMessageContaining("max-answer-size");
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.EXECUTED);
			server.awaitFrame(Http2Frame.RST_STREAM);
		}
	}

	@Test
	void callsThatTheServerDidNotLookAtWhenItWentAwayWereNotExecuted() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CompletableFuture<Answer> first = call(server.uri(), "first");
			Request processed = server.awaitRequest();
			CompletableFuture<Answer> second = call(server.uri(), "second");
			server.awaitRequest();

			server.connection(0).goAway(processed.stream(), 0);

			assertUnavailable(failureOf(second), "it was not processed, because the server is going away");
			assertThat(first).isNotDone();
			CompletableFuture<Answer> third = call(server.uri(), "third");
			Request elsewhere = server.awaitRequest();
			assertThat(server.connections()).isEqualTo(2);
			server.connection(0).answer(processed.stream(), "{}");
			assertThat(get(first).status()).isEqualTo(200);
			server.awaitClosedByClient();
			server.connection(1).answer(elsewhere.stream(), "{}");
			assertThat(get(third).status()).isEqualTo(200);
		}
	}

	@Test
	void callsThatWaitForTheirTurnWhenTheServerGoesAwayAreSentByAnotherConnection() throws Exception {
		Settings one = new Settings(Duration.ofSeconds(1), 1, LONG, DataSize.ofMegabytes(1), null, true);
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CompletableFuture<Answer> first = call(message(server.uri(), "first", one), context(LONG));
			Request sent = server.awaitRequest();
			CompletableFuture<Answer> second = call(message(server.uri(), "second", one), context(LONG));

			server.connection(0).goAway(sent.stream(), 0);
			server.connection(0).answer(sent.stream(), "{}");

			assertThat(get(first).status()).isEqualTo(200);
			Request elsewhere = server.awaitRequest();
			assertThat(server.connections()).isEqualTo(2);
			server.connection(1).answer(elsewhere.stream(), "{}");
			assertThat(get(second).status()).isEqualTo(200);
		}
	}

	@Test
	void aCallThatWaitsIsNotSentToAServerThatIsGoingAway() throws Exception {
		Settings one = new Settings(Duration.ofSeconds(1), 1, LONG, DataSize.ofMegabytes(1), null, true);
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CompletableFuture<Answer> first = call(message(server.uri(), "first", one), context(LONG));
			server.awaitRequest();
			CompletableFuture<Answer> second = call(message(server.uri(), "second", one), context(LONG));
			await().until(() -> TransportPools.leased(this.transport) == 2);

			server.connection(0).goAway(0, 0);

			assertUnavailable(failureOf(first), "the server is going away");
			Request elsewhere = server.awaitRequest();
			assertThat(elsewhere.body()).isEqualTo("second");
			assertThat(server.connections()).isEqualTo(2);
			server.connection(1).answer(elsewhere.stream(), "{}");
			assertThat(get(second).status()).isEqualTo(200);
		}
	}

	@Test
	void aCallWhoseStreamIsRefusedWasNotExecuted() throws Exception {
		try (RawHttp2Server server = RawHttp2Server
			.playing((connection, request) -> connection.reset(request.stream(), RawHttp2Server.REFUSED_STREAM))) {

			for (int i = 0; i < 5; i++) {
				assertUnavailable(failureOf(call(server.uri(), "{}")), "it was not processed");
			}
			assertThat(server.frames(Http2Frame.RST_STREAM)).isEmpty();
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "8,false", "2,false", "0,false", "7,true", "8,true" })
	void nobodyKnowsOfACallWhoseStreamIsResetOtherwise(int code, boolean begun) throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			if (begun) {
				connection.head(request.stream(), false);
			}
			connection.reset(request.stream(), code);
		})) {

			Throwable failure = failureOf(call(server.uri(), "{}"));

			assertThat(failure).isInstanceOf(RpcConnectionException.class)
				.hasMessageContaining("the server ended the exchange before the answer was complete");
			assertThat(server.connections()).isEqualTo(1);
			assertNothingLeased();
		}
	}

	@Test
	void nobodyKnowsOfCallsUnderWayWhenTheConnectionIsLost() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			List<CompletableFuture<Answer>> calls = List.of(call(server.uri(), "1"), call(server.uri(), "2"),
					call(server.uri(), "3"));
			for (int i = 0; i < 3; i++) {
				server.awaitRequest();
			}

			server.connection(0).close();

			for (CompletableFuture<Answer> call : calls) {
				assertThat(failureOf(call)).isInstanceOfSatisfying(RpcConnectionException.class,
						(ex) -> assertThat(ex.execution()).isEqualTo(Execution.UNKNOWN));
			}
			assertNothingLeased();
			CompletableFuture<Answer> next = call(server.uri(), "next");
			Request elsewhere = server.awaitRequest();
			assertThat(server.connections()).isEqualTo(2);
			server.connection(1).answer(elsewhere.stream(), "{}");
			assertThat(get(next).status()).isEqualTo(200);
		}
	}

	@Test
	void leavesAConnectionWhoseServerDoesNotEvenAnswerAPing() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(GREETING)) {
			CompletableFuture<Answer> second = callBesideOneThatExpires(server);

			assertThat(server.awaitFrame(Http2Frame.PING).flags()).isZero();
			assertThat(failureOf(second)).isInstanceOf(RpcConnectionException.class)
				.hasRootCauseMessage("The server does not answer any more");
			server.awaitClosedByClient();
		}
	}

	@Test
	void keepsAConnectionWhoseServerIsMerelySlow() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing(GREETING)) {
			CompletableFuture<Answer> second = callBesideOneThatExpires(server);

			server.awaitFrame(Http2Frame.PING);
			server.connection(0).frame(Http2Frame.PING, Http2Frame.ACK, 0, new byte[8]);

			await().during(Http2Liveness.PATIENCE.plusSeconds(1))
				.atMost(Duration.ofSeconds(15))
				.until(() -> !second.isDone());
		}
	}

	/**
	 * By a connection that is established: nothing more is to be heard of the server by
	 * itself.
	 */
	private CompletableFuture<Answer> callBesideOneThatExpires(RawHttp2Server server) throws Exception {
		get(call(server.uri(), "hello"));
		server.awaitRequest();
		CallContext expired = context(LONG);
		call(message(server.uri(), "first"), expired);
		CompletableFuture<Answer> second = call(server.uri(), "second");
		server.awaitRequest();
		server.awaitRequest();
		expired.expire();
		return second;
	}

	@Test
	void aServerThatSpeaksHttp1AloneIsNamedAsSuch() throws Exception {
		try (RawServer server = RawServer
			.answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")) {
			CallContext context = context(LONG);

			Throwable failure = failureOf(call(message(server.uri(), "{}"), context));

			assertUnavailable(failure, "set server.http2.enabled=true there, or rpc.client.http2=false here");
			assertThat(context.isSent()).isFalse();
			server.awaitClosedByClient();
			assertNothingLeased();
		}
	}

	@Test
	void aServerThatSaysNothingIsNotWaitedForForEver() throws Exception {
		Settings settings = new Settings(SHORT, 64, LONG, DataSize.ofMegabytes(1), null, true);
		try (RawServer server = RawServer.playing((connection, request) -> {
		})) {

			Throwable failure = failureOf(call(message(server.uri(), "{}", settings), context(LONG)));

			assertUnavailable(failure, "server.http2.enabled");
			server.awaitClosedByClient();
		}
	}

	@Test
	void theDeadlineEndsWaitingForAServerThatSaysNothing() throws Exception {
		Settings patient = new Settings(LONG, 64, LONG, DataSize.ofMegabytes(1), null, true);
		try (RawServer server = RawServer.playing((connection, request) -> {
		})) {
			CallContext context = context(LONG);
			CompletableFuture<Answer> answer = call(message(server.uri(), "{}", patient), context);
			server.awaitRequest();

			context.expire();

			assertDeadline(failureOf(answer), Execution.NOT_EXECUTED);
			server.awaitClosedByClient();
			assertNothingLeased();
		}
	}

	@Test
	void nothingWasExecutedWhenTheConnectionIsRefused() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		CallContext context = context(LONG);

		Throwable failure = failureOf(call(message(URI.create("http://127.0.0.1:" + port + "/rpc"), "{}"), context));

		assertUnavailable(failure, "the connection was refused");
		assertThat(context.isSent()).isFalse();
		assertNothingLeased();
	}

	@Test
	void nothingWasExecutedWhenTheHostIsUnknown() {
		assertUnavailable(failureOf(call(URI.create("http://no-such-host.invalid:80/rpc"), "{}")), "no known address");
	}

	@Test
	void theDeadlineEndsNameResolution() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		try (HttpTransport transport = resolving((host) -> {
			try {
				never.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return InetAddress.getAllByName(host);
		})) {
			Settings patient = new Settings(LONG, 64, LONG, DataSize.ofMegabytes(1), null, true);

			Throwable failure = failureOf(
					transport.exchange(message(URI.create("http://slow.test:80/rpc"), "{}", patient), context(SHORT)));

			assertDeadline(failure, Execution.NOT_EXECUTED);
			assertThat(failure).hasMessageContaining("name resolution");
		}
		finally {
			never.countDown();
		}
	}

	@Test
	void triesAllAddressesOfAHost() throws Exception {
		InetAddress nobody = InetAddress.getByName("127.0.0.2");
		try (RawHttp2Server server = RawHttp2Server.answering("{}");
				HttpTransport transport = resolving(
						(host) -> new InetAddress[] { nobody, InetAddress.getLoopbackAddress() })) {

			Answer answer = get(transport.exchange(message(server.uri("http", "many.test"), "{}"), context(LONG)));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(server.awaitRequest().header(":authority")).startsWith("many.test:");
		}
	}

	private static HttpTransport resolving(NameResolver.Lookup lookup) {
		return Caller.ASYNC.transport((bundle) -> {
			throw new AssertionError("No bundles here");
		}, lookup);
	}

	@Test
	void closesAConnectionThatIsIdleForTooLong() throws Exception {
		Settings settings = new Settings(Duration.ofSeconds(1), 64, Duration.ofMillis(200), DataSize.ofMegabytes(1),
				null, true);
		try (RawHttp2Server server = RawHttp2Server.playing(ECHO)) {

			get(call(message(server.uri(), "{}", settings), context(LONG)));

			assertThat(server.awaitFrame(Http2Frame.GOAWAY).code()).isZero();
			server.awaitClosedByClient();
			assertThat(get(call(message(server.uri(), "{}", settings), context(LONG))).status()).isEqualTo(200);
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	@Test
	void closingTheTransportEndsCallsUnderWayAndThoseThatWait() throws Exception {
		Settings one = new Settings(Duration.ofSeconds(1), 1, LONG, DataSize.ofMegabytes(1), null, true);
		try (RawHttp2Server server = RawHttp2Server.playing(SILENCE)) {
			CompletableFuture<Answer> first = call(message(server.uri(), "first", one), context(LONG));
			server.awaitRequest();
			CompletableFuture<Answer> second = call(message(server.uri(), "second", one), context(LONG));

			this.transport.close();

			assertThat(failureOf(first)).isInstanceOf(RpcConnectionException.class);
			assertThat(failureOf(second)).isInstanceOf(RpcUnavailableException.class);
			server.awaitClosedByClient();
			assertThat(failureOf(call(message(server.uri(), "third", one), context(LONG)))).isNotNull();
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void sendsNothingForACallThatIsOverAlready() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.answering("{}")) {
			CallContext cancelled = context(LONG);
			cancelled.cancel();

			assertThat(failureOf(call(message(server.uri(), "{}"), cancelled)))
				.isInstanceOf(CancellationException.class);
			assertDeadline(failureOf(call(message(server.uri(), "{}"), context(Duration.ZERO))),
					Execution.NOT_EXECUTED);
			assertThat(server.connections()).isZero();
		}
	}

	@Test
	void callsThatEndAtAnyMomentLeaveNothingBehind() throws Exception {
		Settings few = new Settings(Duration.ofSeconds(1), 8, LONG, DataSize.ofMegabytes(1), null, true);
		SplittableRandom random = new SplittableRandom(42);
		Semaphore room = new Semaphore(32);
		try (RawHttp2Server server = RawHttp2Server.playing(ECHO)) {
			List<CompletableFuture<Throwable>> outcomes = new ArrayList<>();
			Set<String> notSent = ConcurrentHashMap.newKeySet();
			for (int i = 0; i < 1000; i++) {
				assertThat(room.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
				CallContext context = context(Duration.ofNanos(random.nextLong(4_000_000)));
				String body = "call " + i;
				outcomes.add(call(message(server.uri(), body, few), context).handle((answer, failure) -> {
					room.release();
					Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
					if (cause instanceof RpcException known && known.execution() == Execution.NOT_EXECUTED) {
						notSent.add(body);
					}
					return failure;
				}));
			}

			for (CompletableFuture<Throwable> outcome : outcomes) {
				Throwable failure = outcome.get(10, TimeUnit.SECONDS);
				assertThat((failure instanceof CompletionException) ? failure.getCause() : failure).satisfiesAnyOf(
						(none) -> assertThat(none).isNull(),
						(late) -> assertThat(late).isInstanceOf(RpcDeadlineExceededException.class));
			}
			assertNothingLeased();
			assertThat(get(call(message(server.uri(), "{}", few), context(LONG))).status()).isEqualTo(200);
			assertThat(notSent).isNotEmpty();
			while (!server.hasNoRequest()) {
				assertThat(notSent).doesNotContain(server.awaitRequest().body());
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Violation.class)
	void aServerThatBreaksTheRulesIsLeft(Violation violation) throws Exception {
		try (RawHttp2Server server = RawHttp2Server
			.playing((connection, request) -> violation.begin(connection, request.stream()))) {

			Throwable failure = failureOf(call(server.uri(), "{}"));

			assertThat(failure).isInstanceOf(RpcProtocolException.class).hasMessageContaining("not HTTP/2");
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.UNKNOWN);
			assertThat(server.awaitFrame(Http2Frame.GOAWAY).code()).isNotZero();
			server.awaitClosedByClient();
			assertNothingLeased();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anAnswerThatMakesNoSenseIsTheFailureOfItsCallAlone(boolean body) throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			if (request.body().equals("well")) {
				connection.answer(request.stream(), "{}");
			}
			else if (body) {
				connection.data(request.stream(), "x", true);
			}
			else {
				// the static table's ":method: GET"
				connection.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, request.stream(),
						new byte[] { (byte) 0x82 });
			}
		})) {

			Throwable failure = failureOf(call(server.uri(), "badly"));

			assertThat(failure).isInstanceOf(RpcProtocolException.class);
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.UNKNOWN);
			assertThat(get(call(server.uri(), "well")).status()).isEqualTo(200);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void aHeadThatIsTooLargeIsTheFailureOfItsCallAlone() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			if (request.body().equals("well")) {
				connection.answer(request.stream(), "{}");
				return;
			}
			int stream = request.stream();
			// "a: " and 4000 characters, kept, and then named twenty times
			ByteBuffer head = ByteBuffer.allocate(5000).put((byte) 0x88).put(new byte[] { 0x40, 1, 'a', 0x7f });
			head.put((byte) ((3900 - 127) & 0x7f | 0x80)).put((byte) ((3900 - 127) >> 7)).put(new byte[3900]);
			for (int i = 0; i < 20; i++) {
				head.put((byte) 0xbe);
			}
			byte[] bytes = new byte[head.flip().remaining()];
			head.get(bytes);
			connection.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, bytes);
		})) {

			Throwable failure = failureOf(call(server.uri(), "badly"));

			assertThat(failure).isInstanceOf(RpcProtocolException.class);
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.UNKNOWN);
			server.awaitFrame(Http2Frame.RST_STREAM);
			assertThat(get(call(server.uri(), "well")).status()).isEqualTo(200);
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void refusesAStreamThatTheServerBegins() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			connection.head(2, true);
			connection.answer(request.stream(), "{}");
		})) {

			assertThat(get(call(server.uri(), "{}")).status()).isEqualTo(200);

			Frame reset = server.awaitFrame(Http2Frame.RST_STREAM);
			assertThat(reset.stream()).isEqualTo(2);
			assertThat(reset.code()).isEqualTo(RawHttp2Server.REFUSED_STREAM);
		}
	}

	@Test
	void understandsPaddingPrioritiesInterimAnswersTrailersAndWhatNobodyKnows() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			int stream = request.stream();
			connection.frame(0x2a, 0, stream, new byte[] { 1, 2, 3 });
			// ":status: 103", and 200 in two parts with padding and a priority
			connection.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, new byte[] { 0x48, 3, '1', '0', '3' });
			connection.frame(Http2Frame.HEADERS, Http2Frame.PADDED | Http2Frame.PRIORITY, stream,
					new byte[] { 2, 0, 0, 0, 0, 16, (byte) 0x88, 0, 0 });
			connection.frame(Http2Frame.CONTINUATION, Http2Frame.END_HEADERS, stream,
					new byte[] { 0x40, 10, 'r', 'p', 'c', '-', 's', 't', 'a', 't', 'u', 's', 2, 'O', 'K' });
			connection.frame(Http2Frame.DATA, Http2Frame.PADDED, stream, new byte[] { 1, '{', '}', 0 });
			connection.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS | Http2Frame.END_STREAM, stream,
					new byte[] { 0x40, 1, 't', 1, '1' });
		})) {

			Answer answer = get(call(server.uri(), "{}"));

			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.body()).asString().isEqualTo("{}");
			assertThat(answer.headers().first("Rpc-Status")).isEqualTo("OK");
		}
	}

	@Test
	void answersPings() throws Exception {
		try (RawHttp2Server server = RawHttp2Server.playing((connection, request) -> {
			connection.frame(Http2Frame.PING, 0, 0, "12345678".getBytes(StandardCharsets.US_ASCII));
			connection.answer(request.stream(), "{}");
		})) {

			get(call(server.uri(), "{}"));

			Frame pong = server.awaitFrame(Http2Frame.PING);
			assertThat(pong.flags()).isEqualTo(Http2Frame.ACK);
			assertThat(pong.payload()).asString().isEqualTo("12345678");
		}
	}

	@Test
	void doesNotSendOnWhatWasAnsweredBeforeItWasRead() throws Exception {
		byte[] settings = RawHttp2Server.setting(Http2Frame.INITIAL_WINDOW_SIZE, 0);
		try (RawHttp2Server server = RawHttp2Server.playing(settings, ECHO)) {
			CompletableFuture<Answer> answer = call(server.uri(), "{}");
			Frame head = server.awaitFrame(Http2Frame.HEADERS);

			server.connection(0).answer(head.stream(), "no");

			assertThat(get(answer).body()).asString().isEqualTo("no");
			assertThat(server.awaitFrame(Http2Frame.RST_STREAM).stream()).isEqualTo(head.stream());
		}
	}

	private void assertNothingLeased() {
		assertNoMoreLeasedThan(0);
	}

	private void assertNoMoreLeasedThan(int streams) {
		await().atMost(Duration.ofSeconds(5)).until(() -> TransportPools.leased(this.transport) <= streams);
	}

	private static void assertDeadline(Throwable failure, Execution execution) {
		assertThat(failure).isInstanceOf(RpcDeadlineExceededException.class)
			.hasMessageContaining("Stock/find on warehouse at ");
		assertThat(((RpcException) failure).execution()).isEqualTo(execution);
	}

	private static void assertUnavailable(Throwable failure, String message) {
		assertThat(failure).isInstanceOf(RpcUnavailableException.class).hasMessageContaining(message);
		assertThat(((RpcException) failure).execution()).isEqualTo(Execution.NOT_EXECUTED);
		assertThat(((RpcUnavailableException) failure).reason())
			.isEqualTo(RpcUnavailableException.Reason.CONNECT_FAILED);
	}

	private CompletableFuture<Answer> call(URI uri, String body) {
		return call(message(uri, body), context(LONG));
	}

	private CompletableFuture<Answer> call(Message message, CallContext context) {
		return this.transport.exchange(message, context);
	}

	private static CallContext context(Duration timeout) {
		return Caller.ASYNC.context(timeout);
	}

	private static Answer get(CompletableFuture<Answer> answer) throws Exception {
		return answer.get(15, TimeUnit.SECONDS);
	}

	private static Throwable failureOf(CompletableFuture<Answer> answer) {
		Throwable failure = catchThrowable(() -> get(answer));
		return (failure instanceof ExecutionException) ? failure.getCause() : failure;
	}

	private static Message message(URI uri, String body) {
		return message(uri, body, settings());
	}

	private static Message message(URI uri, String body, Settings settings) {
		return new Message(uri, RpcHeaders.EMPTY.with("Rpc-Method", "find"), body.getBytes(StandardCharsets.UTF_8),
				settings, "Stock/find on warehouse");
	}

	private static Settings settings() {
		return new Settings(Duration.ofSeconds(1), 64, Duration.ofSeconds(10), DataSize.ofMegabytes(16), null, true);
	}

	/**
	 * What no server may say.
	 */
	private enum Violation {

		ANSWERS_WHAT_NOBODY_ASKED((connection, stream) -> {
			connection.head(stream + 2, true);
		}),

		PUSHES((connection, stream) -> {
			connection.frame(Http2Frame.PUSH_PROMISE, Http2Frame.END_HEADERS, stream, new byte[] { 0, 0, 0, 2 });
		}),

		SENDS_A_LARGE_FRAME((connection, stream) -> {
			connection.head(stream, false);
			connection.data(stream, "x".repeat(Http2Frame.MAX_PAYLOAD + 1), true);
		}),

		SENDS_A_HEAD_WITHOUT_END((connection, stream) -> {
			connection.frame(Http2Frame.HEADERS, 0, stream, new byte[] { (byte) 0x88 });
			while (true) {
				connection.frame(Http2Frame.CONTINUATION, 0, stream, new byte[0]);
			}
		}),

		INTERRUPTS_A_HEAD((connection, stream) -> {
			connection.frame(Http2Frame.HEADERS, 0, stream, new byte[] { (byte) 0x88 });
			connection.data(stream, "x", true);
		}),

		SENDS_A_HEAD_THAT_NOBODY_CAN_READ((connection, stream) -> {
			connection.frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, new byte[] { (byte) 0xff, 1, 1 });
		}),

		LETS_MORE_BE_SENT_THAN_THERE_IS((connection, stream) -> {
			connection.grant(0, Integer.MAX_VALUE);
		}),

		SENDS_HALF_A_SETTING((connection, stream) -> {
			connection.frame(Http2Frame.SETTINGS, 0, 0, new byte[3]);
		});

		private final Deed deed;

		Violation(Deed deed) {
			this.deed = deed;
		}

		/** On another thread than the one that reads. */
		private void begin(RawHttp2Server.Connection connection, int stream) {
			Thread thread = new Thread(() -> {
				try {
					this.deed.commit(connection, stream);
				}
				catch (IOException ex) {
					// nobody listens any more
				}
			});
			thread.setDaemon(true);
			thread.start();
		}

		private interface Deed {

			void commit(RawHttp2Server.Connection connection, int stream) throws IOException;

		}

	}

	private interface Piece {

		void take(String piece) throws IOException;

	}

}
