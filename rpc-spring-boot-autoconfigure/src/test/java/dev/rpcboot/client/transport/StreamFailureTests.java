package dev.rpcboot.client.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.rpcboot.Execution;
import dev.rpcboot.RpcConnectionException;
import dev.rpcboot.RpcDeadlineExceededException;
import dev.rpcboot.RpcException;
import dev.rpcboot.RpcProtocolException;
import dev.rpcboot.RpcRemoteException;
import dev.rpcboot.client.transport.RawServer.Script;
import dev.rpcboot.client.transport.StreamClient.Shop;
import dev.rpcboot.client.transport.StreamClient.SoldOutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Exceptions;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a stream that goes wrong, and that none ends as if it were whole.
 */
@Timeout(30)
class StreamFailureTests {

	private static final String SOLD_OUT = "{\"code\":1,\"message\":\"gone\",\"data\":{\"reason\":\"APPLICATION\","
			+ "\"type\":\"SoldOutException\",\"executed\":\"yes\"}}";

	private final StreamClient client = new StreamClient();

	@AfterEach
	void close() throws Exception {
		this.client.awaitNothingLeased();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.client.timer).extracting("pending").asString().isEqualTo("[]"));
		this.client.close();
	}

	@ParameterizedTest
	@MethodSource("cuts")
	void failsWhereTheConnectionIsCut(Cut cut, Type type) throws Exception {
		List<String> items = new CopyOnWriteArrayList<>();
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 2);
			// what is cut off may take with it what was sent just before
			await().until(() -> items.size() == 2);
			cut.after(events);
		})) {

			Throwable failure = catchThrowable(() -> type.read(this.client.at(server), items));

			assertThat(failure).isInstanceOf(RpcConnectionException.class);
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.UNKNOWN);
			assertThat(items).containsExactly("1", "2");
			assertThat(server.requests()).hasSize(1);
		}
	}

	static Stream<Arguments> cuts() {
		return Stream.of(Cut.values())
			.flatMap((cut) -> Stream.of(Type.values()).map((type) -> Arguments.of(cut, type)));
	}

	@ParameterizedTest
	@EnumSource(Type.class)
	void failsWhenNoItemComesWithinTheIdleTimeoutWhateverElseDoes(Type type) throws Exception {
		this.client.idleTimeout = StreamClient.SHORT;
		Semaphore never = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			try {
				while (!never.tryAcquire(10, TimeUnit.MILLISECONDS)) {
					events.chunk(":\n\n");
				}
			}
			catch (IOException ex) {
				// closed by the client
			}
		})) {
			List<String> items = new ArrayList<>();

			Throwable failure = catchThrowable(() -> type.read(this.client.at(server), items));

			assertThat(items).containsExactly("1");
			assertThat(failure).isInstanceOf(RpcDeadlineExceededException.class)
				.hasMessageContaining("stream.idle-timeout")
				.hasMessageContaining("300ms");
			assertThat(((RpcException) failure).execution()).isEqualTo(Execution.UNKNOWN);
			never.release();
		}
	}

	@Test
	void isNotIdleWhileNobodyAsks() throws Exception {
		this.client.idleTimeout = Duration.ofMillis(100);
		Semaphore go = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			go.acquire();
			events.items(2, 2);
			go.acquire();
			events.items(3, 3).end();
		})) {
			Iterator<String> items = this.client.at(server).iterator();
			assertThat(items.next()).isEqualTo("1");
			this.client.timer.schedule(go::release, Duration.ofMillis(20));
			assertThat(items.next()).isEqualTo("2");

			// the watch that was set while the second was waited for has looked and gone
			await().during(Duration.ofMillis(200))
				.untilAsserted(() -> assertThat(this.client.timer).extracting("pending").asString().isEqualTo("[]"));
			go.release();

			assertThat(items).toIterable().containsExactly("3");
		}
	}

	@ParameterizedTest
	@EnumSource(Type.class)
	void failsAtTheDeadlineWhenTheFirstItemIsLate(Type type) throws Exception {
		this.client.timeout = StreamClient.SHORT;
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request))) {
			List<String> items = new ArrayList<>();

			Throwable failure = catchThrowable(() -> type.read(this.client.at(server), items));

			assertThat(failure).isInstanceOf(RpcDeadlineExceededException.class)
				// some of the 300ms may have passed before it was sent
				.hasMessageContaining("gave no answer within ");
			assertThat(items).isEmpty();
			server.awaitClosedByClient();
		}
	}

	@ParameterizedTest
	@EnumSource(Type.class)
	void mayTakeLongerThanTheDeadlineOnceItHasBegun(Type type) throws Throwable {
		this.client.timeout = StreamClient.SHORT;
		Semaphore go = new Semaphore(0);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request).items(1, 1);
			this.client.timer.schedule(go::release, Duration.ofMillis(500));
			go.acquire();
			events.items(2, 2).end();
		})) {
			List<String> items = new ArrayList<>();

			type.read(this.client.at(server), items);

			assertThat(items).containsExactly("1", "2");
		}
	}

	@ParameterizedTest
	@EnumSource(Type.class)
	void throwsTheContractsExceptionThatComesInPlaceOfAnItem(Type type) throws Exception {
		try (RawServer server = Events
			.serve((connection, request) -> Events.begin(connection, request).items(1, 2).error(SOLD_OUT))) {
			List<String> items = new ArrayList<>();

			Throwable failure = catchThrowable(() -> type.read(this.client.at(server), items));

			assertThat(failure).isInstanceOf((type != Type.FLUX) ? SoldOutException.class : RpcRemoteException.class)
				.hasMessageContaining("gone");
			assertThat(items).containsExactly("1", "2");
		}
	}

	@Test
	void throwsTheContractsExceptionOfTheFirstEventFromTheCallItself() throws Exception {
		try (RawServer server = Events
			.serve((connection, request) -> Events.begin(connection, request).error(SOLD_OUT))) {
			Shop shop = this.client.at(server);

			assertThatExceptionOfType(SoldOutException.class).isThrownBy(shop::iterator).withMessage("gone");
			assertThatExceptionOfType(SoldOutException.class).isThrownBy(shop::stream).withMessage("gone");
		}
	}

	@Test
	void failsAgainForWhoeverAsksAgain() throws Exception {
		try (RawServer server = Events
			.serve((connection, request) -> Events.begin(connection, request).items(1, 1).error(SOLD_OUT))) {
			Iterator<String> items = this.client.at(server).iterator();
			items.next();

			assertThatExceptionOfType(SoldOutException.class).isThrownBy(items::hasNext);
			assertThatExceptionOfType(SoldOutException.class).isThrownBy(items::hasNext);
			assertThatExceptionOfType(SoldOutException.class).isThrownBy(items::next);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"\u00ff\"}\n\n", "data: garbage\n\n",
			"data: {\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":\"1\"}\n\n",
			"data: {\"jsonrpc\":\"2.0\",\"id\":null,\"result\":\"1\"}\n\n", "data: {\"id\":ID,\"result\":\"1\"}\n\n",
			"data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"1\",\"result\":\"2\"}\n\n", "event: end\n\n",
			"event: end\ndata: {\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":null}\n\n",
			"event: other\ndata: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"1\"}\n\n",
			"event: error\ndata: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"1\"}\n\n",
			"data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"no\":\"text\"}}\n\n" })
	void refusesEventsThatAreNoneOfTheProtocol(String event) throws Exception {
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request)
			.items(1, 1)
			.chunk(event.replace("ID", Events.id(request)))
			.end())) {
			for (Type type : Type.values()) {
				List<String> items = new ArrayList<>();

				Throwable failure = catchThrowable(() -> type.read(this.client.at(server), items));

				assertThat(failure).isInstanceOf(RpcProtocolException.class);
				assertThat(items).containsExactly("1");
			}
		}
	}

	@Test
	void closesTheConnectionOfAStreamThatItRefuses() throws Exception {
		try (RawServer server = Events
			.serve((connection, request) -> Events.begin(connection, request).items(1, 1).chunk("data: garbage\n\n"))) {
			for (Type type : Type.values()) {

				Throwable failure = catchThrowable(() -> type.read(this.client.at(server), new ArrayList<>()));

				assertThat(failure).isInstanceOf(RpcProtocolException.class);
				server.awaitClosedByClient();
			}
		}
	}

	@Test
	void refusesAnItemAboveTheLimitOfAnswers() throws Exception {
		this.client.maxAnswerSize = DataSize.ofKilobytes(1);
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request);
			for (int i = 0; i < 10; i++) {
				events.item("\"" + "x".repeat(900) + "\"");
			}
			events.item("\"" + "x".repeat(1100) + "\"").end();
		})) {
			List<String> items = new ArrayList<>();

			Throwable failure = catchThrowable(() -> Type.ITERATOR.read(this.client.at(server), items));

			assertThat(failure).isInstanceOf(RpcProtocolException.class).hasMessageContaining("max-answer-size");
			assertThat(items).hasSize(10);
		}
	}

	@Test
	void refusesAnArrayWhoseItemsDoNotFit() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> connection
			.write(RawServer.ok("{\"jsonrpc\":\"2.0\",\"id\":" + Events.id(request) + ",\"result\":{\"a\":1}}")))) {
			for (Type type : Type.values()) {
				Throwable failure = catchThrowable(() -> type.read(this.client.at(server), new ArrayList<>()));

				assertThat(failure).isInstanceOf(RpcProtocolException.class)
					.hasMessageContaining("neither a stream nor an array");
			}
		}
	}

	@Test
	void refusesASecondPartOfWhatHasEnded() throws Exception {
		try (RawServer server = Events.serve((connection, request) -> {
			Events events = Events.begin(connection, request);
			events.items(1, 1);
			events
				.chunk("event: end\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + Events.id(request) + ",\"result\":null}\n\n");
			events.items(2, 2);
		})) {
			assertThat(this.client.at(server).stream()).containsExactly("1");

			server.awaitClosedByClient();
			this.client.awaitNothingLeased();
		}
	}

	@Test
	void doesNotWaitForEverForABodyThatDoesNotEndAfterItsEndEvent() throws Exception {
		this.client.idleTimeout = StreamClient.SHORT;
		try (RawServer server = Events.serve((connection, request) -> Events.begin(connection, request)
			.items(1, 1)
			.chunk("event: end\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + Events.id(request) + ",\"result\":null}\n\n"))) {

			assertThat(this.client.at(server).stream()).containsExactly("1");

			server.awaitClosedByClient();
		}
	}

	@Test
	void takesNoOtherMediaTypeForAStream() throws Exception {
		String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-streams\r\nContent-Length: 2\r\n\r\n{}";
		try (RawServer server = RawServer.answering(head)) {
			Shop shop = this.client.at(server);

			assertThatExceptionOfType(RpcProtocolException.class).isThrownBy(shop::stream)
				.withMessageContaining("no JSON-RPC response");
		}
	}

	@Test
	void readsAStreamWhoseMediaTypeHasParametersAndWhoseBodyEndsWithTheConnection() throws Exception {
		Script script = (connection, request) -> {
			connection.write("HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream ;charset=UTF-8\r\n\r\n");
			connection.write("data: {\"jsonrpc\":\"2.0\",\"id\":" + Events.id(request) + ",\"result\":\"1\"}\n\n"
					+ "event: end\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + Events.id(request) + ",\"result\":null}\n\n");
			connection.close();
		};
		try (RawServer server = Events.serve(script)) {

			assertThat(this.client.at(server).stream()).containsExactly("1");
		}
	}

	enum Type {

		FLUX {
			@Override
			void read(Shop shop, List<String> items) throws Throwable {
				try {
					shop.flux().doOnNext(items::add).blockLast();
				}
				catch (RuntimeException ex) {
					throw Exceptions.unwrap(ex);
				}
			}
		},

		STREAM {
			@Override
			void read(Shop shop, List<String> items) throws Throwable {
				shop.stream().forEach(items::add);
			}
		},

		ITERATOR {
			@Override
			void read(Shop shop, List<String> items) throws Throwable {
				shop.iterator().forEachRemaining(items::add);
			}
		};

		abstract void read(Shop shop, List<String> items) throws Throwable;

	}

	enum Cut {

		AFTER_AN_EVENT {
			@Override
			void after(Events events) throws IOException {
				events.connection().close();
			}
		},

		AT_THE_REGULAR_END_OF_THE_BODY {
			@Override
			void after(Events events) throws IOException {
				events.endBody();
			}
		},

		INSIDE_AN_EVENT {
			@Override
			void after(Events events) throws IOException {
				events.chunk("data: {\"jsonrpc\"").endBody();
			}
		},

		INSIDE_THE_END_EVENT {
			@Override
			void after(Events events) throws IOException {
				events.chunk("event: end\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n").endBody();
			}
		},

		INSIDE_A_CHUNK {
			@Override
			void after(Events events) throws IOException {
				events.connection().write("ff\r\ndata: {");
				events.connection().close();
			}
		},

		RESET {
			@Override
			void after(Events events) throws IOException {
				events.connection().reset();
			}
		};

		abstract void after(Events events) throws IOException;

	}

}
