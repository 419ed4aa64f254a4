package dev.rpcboot.client.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that knows no HTTP but where a request ends. It records each request byte for
 * byte and plays a script in answer.
 */
final class RawServer implements AutoCloseable {

	private static final Pattern LENGTH = Pattern.compile("content-length: (\\d+)");

	private final ServerSocket socket;

	private final Script script;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();

	private final BlockingQueue<Socket> connected = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

	private final AtomicInteger accepted = new AtomicInteger();

	private RawServer(ServerSocket socket, Script script) {
		this.socket = socket;
		this.script = script;
		daemon(this::accept);
	}

	static RawServer playing(Script script) throws IOException {
		return playing(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), script);
	}

	static RawServer playing(ServerSocket socket, Script script) {
		return new RawServer(socket, script);
	}

	/**
	 * A server that answers every request with these bytes.
	 */
	static RawServer answering(String answer) throws IOException {
		return playing((connection, request) -> connection.write(answer));
	}

	static String ok(String body) {
		return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
				+ body;
	}

	URI uri() {
		return uri("http", "127.0.0.1");
	}

	URI uri(String scheme, String host) {
		return URI.create(scheme + "://" + host + ":" + this.socket.getLocalPort() + "/rpc/Stock");
	}

	/** Every request so far. */
	List<String> requests() {
		return this.requests;
	}

	/** Connections that were ever made. */
	int connections() {
		return this.accepted.get();
	}

	/** Waits for the next connection to be made. */
	void awaitConnection() throws InterruptedException {
		await(this.connected, "connection");
	}

	/** Waits for the next request to be there. */
	String awaitRequest() throws InterruptedException {
		return await(this.arrived, "request");
	}

	/** Waits for a connection that the client closes. */
	void awaitClosedByClient() throws InterruptedException {
		await(this.closed, "closed connection");
	}

	private static <T> T await(BlockingQueue<T> queue, String what) throws InterruptedException {
		T element = queue.poll(10, TimeUnit.SECONDS);
		if (element == null) {
			throw new AssertionError("No " + what + " within 10 seconds");
		}
		return element;
	}

	private void accept() {
		try {
			while (true) {
				Socket accepted = this.socket.accept();
				accepted.setTcpNoDelay(true);
				this.sockets.add(accepted);
				this.accepted.incrementAndGet();
				this.connected.add(accepted);
				daemon(() -> serve(accepted));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			String request;
			while ((request = read(socket.getInputStream())) != null) {
				this.requests.add(request);
				this.arrived.add(request);
				this.script.play(new Connection(socket), request);
			}
			this.closed.add(1);
		}
		catch (IOException ex) {
			this.closed.add(1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String read(InputStream in) throws IOException {
		ByteArrayOutputStream request = new ByteArrayOutputStream();
		while (!request.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
			int b = in.read();
			if (b < 0) {
				return null;
			}
			request.write(b);
		}
		Matcher length = LENGTH.matcher(request.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
		if (length.find()) {
			request.write(in.readNBytes(Integer.parseInt(length.group(1))));
		}
		return request.toString(StandardCharsets.ISO_8859_1);
	}

	private static void daemon(Runnable work) {
		Thread thread = new Thread(work, "raw-server");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	@FunctionalInterface
	interface Script {

		void play(Connection connection, String request) throws IOException, InterruptedException;

	}

	/**
	 * The server's end of a connection.
	 */
	static final class Connection {

		private final Socket socket;

		private Connection(Socket socket) {
			this.socket = socket;
		}

		void write(String bytes) throws IOException {
			this.socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
			this.socket.getOutputStream().flush();
		}

		void close() throws IOException {
			this.socket.close();
		}

		void reset() throws IOException {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}

		boolean isClosed() {
			return this.socket.isClosed();
		}

	}

}
