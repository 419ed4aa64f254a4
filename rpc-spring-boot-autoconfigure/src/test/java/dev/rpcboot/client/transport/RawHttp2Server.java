package dev.rpcboot.client.transport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http2.hpack.HPackDecoder;

/**
 * A server that knows of HTTP/2 no more than frames. It records each that comes and plays
 * a script when a request is complete.
 */
final class RawHttp2Server implements AutoCloseable {

	static final int CANCEL = 8;

	static final int REFUSED_STREAM = 7;

	private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

	private final ServerSocket socket;

	private final byte[] settings;

	private final Script script;

	private final List<Connection> connections = new CopyOnWriteArrayList<>();

	private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

	private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();

	private RawHttp2Server(ServerSocket socket, byte[] settings, Script script) {
		this.socket = socket;
		this.settings = settings;
		this.script = script;
		daemon(this::accept);
	}

	static RawHttp2Server playing(Script script) throws IOException {
		return playing(new byte[0], script);
	}

	/** One with settings of its own: pairs of a name and a value. */
	static RawHttp2Server playing(byte[] settings, Script script) throws IOException {
		return playing(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()), settings, script);
	}

	static RawHttp2Server playing(ServerSocket socket, byte[] settings, Script script) {
		return new RawHttp2Server(socket, settings, script);
	}

	static RawHttp2Server answering(String body) throws IOException {
		return playing((connection, request) -> connection.answer(request.stream(), body));
	}

	static byte[] setting(int name, int value) {
		return ByteBuffer.allocate(6).putShort((short) name).putInt(value).array();
	}

	URI uri() {
		return uri("http", "127.0.0.1");
	}

	URI uri(String scheme, String host) {
		return URI.create(scheme + "://" + host + ":" + this.socket.getLocalPort() + "/rpc/Stock");
	}

	/** Connections that were ever made. */
	int connections() {
		return this.connections.size();
	}

	Connection connection(int index) {
		return this.connections.get(index);
	}

	/** Waits for the next complete request. */
	Request awaitRequest() throws InterruptedException {
		return await(this.requests, "request");
	}

	/** Whether there is none that was not waited for. */
	boolean hasNoRequest() {
		return this.requests.isEmpty();
	}

	/** Waits for the next frame of that type. */
	Frame awaitFrame(int type) throws InterruptedException {
		Frame frame;
		do {
			frame = await(this.frames, "frame");
		}
		while (frame.type() != type);
		return frame;
	}

	/** All frames of that type that were not waited for. */
	List<Frame> frames(int type) {
		return this.frames.stream().filter((frame) -> frame.type() == type).toList();
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
				daemon(() -> serve(accepted));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			DataInputStream in = new DataInputStream(socket.getInputStream());
			String preface = new String(in.readNBytes(PREFACE.length()), StandardCharsets.US_ASCII);
			if (!preface.equals(PREFACE)) {
				throw new IOException("Not HTTP/2: " + preface);
			}
			Connection connection = new Connection(socket);
			this.connections.add(connection);
			connection.frame(Http2Frame.SETTINGS, 0, 0, this.settings);
			connection.frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0, new byte[0]);
			while (true) {
				int lengthAndType = in.readInt();
				Frame frame = new Frame(lengthAndType & 0xff, in.readByte(), in.readInt(),
						in.readNBytes(lengthAndType >>> 8));
				this.frames.add(frame);
				Request request = connection.received(frame);
				if (request != null) {
					this.requests.add(request);
					this.script.play(connection, request);
				}
			}
		}
		catch (IOException | HttpException ex) {
			this.closed.add(1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void daemon(Runnable work) {
		Thread thread = new Thread(work, "raw-http2-server");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		for (Connection connection : this.connections) {
			connection.close();
		}
	}

	@FunctionalInterface
	interface Script {

		void play(Connection connection, Request request) throws IOException, InterruptedException;

	}

	@SuppressWarnings("ArrayRecordComponent")
	record Frame(int type, int flags, int stream, byte[] payload) {

		int code() {
			return ByteBuffer.wrap(this.payload).getInt(this.payload.length - 4);
		}

	}

	record Request(int stream, List<Header> headers, String body) {

		String header(String name) {
			return this.headers.stream()
				.filter((header) -> header.getName().equals(name))
				.map(Header::getValue)
				.findFirst()
				.orElse(null);
		}

		List<String> names() {
			return this.headers.stream().map(Header::getName).toList();
		}

	}

	/**
	 * The server's end of a connection.
	 */
	static final class Connection {

		private final Socket socket;

		private final DataOutputStream out;

		private final HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.US_ASCII);

		private final List<Request> open = new CopyOnWriteArrayList<>();

		private Connection(Socket socket) throws IOException {
			this.socket = socket;
			this.out = new DataOutputStream(socket.getOutputStream());
		}

		private Request received(Frame frame) throws IOException, HttpException {
			boolean end = (frame.flags() & Http2Frame.END_STREAM) != 0;
			if (frame.type() == Http2Frame.HEADERS) {
				this.open
					.add(new Request(frame.stream(), this.decoder.decodeHeaders(ByteBuffer.wrap(frame.payload())), ""));
			}
			else if (frame.type() == Http2Frame.DATA) {
				this.open.replaceAll(
						(request) -> (request.stream() == frame.stream())
								? new Request(frame.stream(), request.headers(),
										request.body() + new String(frame.payload(), StandardCharsets.US_ASCII))
								: request);
			}
			else {
				return null;
			}
			Request request = this.open.stream()
				.filter((candidate) -> candidate.stream() == frame.stream())
				.findFirst()
				.orElseThrow();
			if (end) {
				this.open.remove(request);
			}
			return end ? request : null;
		}

		void answer(int stream, String body) throws IOException {
			head(stream, false);
			data(stream, body, true);
		}

		/** Status 200, and nothing else. */
		void head(int stream, boolean end) throws IOException {
			frame(Http2Frame.HEADERS, Http2Frame.END_HEADERS | (end ? Http2Frame.END_STREAM : 0), stream,
					new byte[] { (byte) 0x88 });
		}

		void data(int stream, String body, boolean end) throws IOException {
			frame(Http2Frame.DATA, end ? Http2Frame.END_STREAM : 0, stream, body.getBytes(StandardCharsets.US_ASCII));
		}

		void reset(int stream, int code) throws IOException {
			frame(Http2Frame.RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
		}

		void goAway(int last, int code) throws IOException {
			frame(Http2Frame.GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(code).array());
		}

		void grant(int stream, int more) throws IOException {
			frame(Http2Frame.WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(more).array());
		}

		void frame(int type, int flags, int stream, byte[] payload) throws IOException {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			DataOutputStream frame = new DataOutputStream(bytes);
			frame.writeInt(payload.length << 8 | type);
			frame.writeByte(flags);
			frame.writeInt(stream);
			frame.write(payload);
			raw(bytes.toByteArray());
		}

		void raw(byte[] bytes) throws IOException {
			synchronized (this.out) {
				this.out.write(bytes);
				this.out.flush();
			}
		}

		void close() throws IOException {
			this.socket.close();
		}

	}

}
