package dev.rpcboot.faults.proxy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What each fault is to a plain client, and what the server hears of it.
 */
@Timeout(30)
class FaultyProxyTests {

	private static final String BODY = "{\"result\":\"0123456789\"}";

	private final AtomicInteger served = new AtomicInteger();

	private HttpServer server;

	private FaultyProxy proxy;

	@BeforeAll
	static void answerInOnePiece() {
		// the JDK's server waits 40 ms between head and body otherwise
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			this.served.incrementAndGet();
			exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(200, BODY.length());
			exchange.getResponseBody().write(BODY.getBytes(StandardCharsets.UTF_8));
			exchange.close();
		});
		this.server.start();
		this.proxy = new FaultyProxy(this.server.getAddress().getPort(), 1);
	}

	@AfterEach
	void stop() throws IOException {
		this.proxy.close();
		this.server.stop(0);
	}

	@Test
	void passesExchangesOfOneConnectionOn() throws IOException {
		try (Socket client = connect()) {
			String first = exchange(client);
			String second = exchange(client);

			assertThat(first).startsWith("HTTP/1.1 200").endsWith(BODY);
			assertThat(second).isEqualTo(first);
			assertThat(this.proxy.count(Fault.PASS)).isEqualTo(2);
			assertThat(this.proxy.faults()).isZero();
		}
	}

	@Test
	void refusesConnectionsAndResetsThoseThatAreOpen() throws IOException {
		try (Socket client = connect()) {
			exchange(client);

			this.proxy.set(Fault.REFUSE);

			assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> exchange(client));
			this.proxy.heal();
			try (Socket another = connect()) {
				assertThat(exchange(another)).endsWith(BODY);
			}
		}
	}

	@Test
	void neitherMakesNorRefusesConnectionsToABlackHole() throws IOException {
		try (Socket client = connect()) {
			exchange(client);

			this.proxy.set(Fault.CONNECT_BLACK_HOLE);

			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(this::connect);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> exchange(client));
			assertThat(this.served).hasValue(1);
			this.proxy.heal();
			try (Socket another = connect()) {
				assertThat(exchange(another)).endsWith(BODY);
			}
		}
	}

	@Test
	void resetsInPlaceOfAnAnswerThoughTheServerRan() throws IOException {
		this.proxy.set(Fault.RESET_BEFORE_HEADERS);

		try (Socket client = connect()) {
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> exchange(client))
				.withMessageContaining("reset");
			assertThat(this.served).hasValue(1);
		}
	}

	@Test
	void resetsAfterTheHead() throws IOException {
		this.proxy.set(Fault.RESET_AFTER_HEADERS);

		try (Socket client = connect()) {
			send(client);
			assertThat(head(client)).startsWith("HTTP/1.1 200");
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read());
		}
	}

	@Test
	void resetsWithinTheBody() throws IOException {
		this.proxy.set(Fault.RESET_MID_BODY);

		try (Socket client = connect()) {
			send(client);
			head(client);
			assertThat(client.getInputStream().readNBytes(BODY.length() / 2)).isNotEmpty();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read());
		}
	}

	@Test
	void endsTheBodyTooSoon() throws IOException {
		this.proxy.set(Fault.TRUNCATED_BODY);

		try (Socket client = connect()) {
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> exchange(client));
		}
	}

	@Test
	void swallowsRequests() throws IOException {
		this.proxy.set(Fault.HALF_OPEN);

		try (Socket client = connect()) {
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> exchange(client));
			assertThat(this.served).hasValue(0);
		}
	}

	@Test
	void dripsOneByteASecond() throws IOException {
		this.proxy.set(Fault.DRIP);

		try (Socket client = connect()) {
			send(client);
			assertThat(client.getInputStream().read()).isEqualTo('H');
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> client.getInputStream().readNBytes(2));
		}
	}

	@Test
	void holdsRequestsUp() throws IOException {
		this.proxy.setLatency(Duration.ofSeconds(1));
		this.proxy.set(Fault.LATENCY);

		try (Socket client = connect()) {
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> exchange(client));
			client.setSoTimeout(20_000);
			assertThat(read(client)).endsWith(BODY);
		}
	}

	@Test
	void answersTwice() throws IOException {
		this.proxy.set(Fault.DUPLICATE_ANSWER);

		try (Socket client = connect()) {
			String first = exchange(client);
			String second = read(client);

			assertThat(second).isEqualTo(first);
			assertThat(this.served).hasValue(1);
		}
	}

	@Test
	void answersByAPage() throws IOException {
		this.proxy.set(Fault.HTML_502);

		try (Socket client = connect()) {
			assertThat(exchange(client)).startsWith("HTTP/1.1 502").contains("<html>");
		}
	}

	@Test
	void answersByAHeadAndNothingElse() throws IOException {
		this.proxy.set(Fault.STALL_AFTER_200);

		try (Socket client = connect()) {
			send(client);
			assertThat(head(client)).startsWith("HTTP/1.1 200");
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
		}
	}

	@Test
	void answersByABomb() throws IOException {
		this.proxy.set(Fault.GZIP_BOMB);

		try (Socket client = connect()) {
			send(client);
			HttpMessage answer = HttpMessage.read(client.getInputStream());
			long inflated = new GZIPInputStream(new ByteArrayInputStream(answer.body()))
				.transferTo(OutputStream.nullOutputStream());
			assertThat(inflated).isGreaterThan(500L * answer.body().length);
			assertThat(this.served).hasValue(0);
		}
	}

	@Test
	void refusesInTheServersName() throws IOException {
		this.proxy.set(Fault.OVERLOADED_503);

		try (Socket client = connect()) {
			assertThat(exchange(client)).startsWith("HTTP/1.1 503").contains("\"executed\":\"no\"");
			assertThat(this.served).hasValue(0);
		}
	}

	@Test
	void hitsTheShareOfExchangesThatItIsTold() throws IOException {
		this.proxy.set(new FaultMix(0.2, List.of(Fault.HTML_502)));

		try (Socket client = connect()) {
			for (int i = 0; i < 500; i++) {
				exchange(client);
			}
		}
		assertThat(this.proxy.faults()).isBetween(60L, 140L);
		assertThat(this.served).hasValue(500);
	}

	@Test
	void passesTheEndOfAnIdleConnectionOn() throws IOException {
		try (Socket client = connect()) {
			exchange(client);

			this.server.stop(0);

			client.setSoTimeout(10_000);
			assertThat(client.getInputStream().read()).isNegative();
		}
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket();
		socket.setSoTimeout(500);
		try {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.proxy.port()), 500);
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
		return socket;
	}

	private static void send(Socket client) throws IOException {
		client.getOutputStream()
			.write("POST /rpc/Work HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
				.getBytes(StandardCharsets.ISO_8859_1));
	}

	private static String exchange(Socket client) throws IOException {
		send(client);
		return read(client);
	}

	private static String read(Socket client) throws IOException {
		HttpMessage answer = HttpMessage.read(client.getInputStream());
		if (answer == null) {
			throw new EOFException();
		}
		return new String(answer.head(), StandardCharsets.UTF_8) + new String(answer.body(), StandardCharsets.UTF_8);
	}

	private static String head(Socket client) throws IOException {
		InputStream in = client.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int b = in.read();
			if (b < 0) {
				throw new EOFException();
			}
			head.append((char) b);
		}
		return head.toString();
	}

}
