package dev.rpcboot.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A streamed answer as it comes over one socket, read only when the test reads.
 */
final class RawStream implements AutoCloseable {

	private static final int TIMEOUT = 20_000;

	private final Socket socket = new Socket();

	private final InputStream in;

	private final int status;

	private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	private int chunkLeft;

	private boolean ended;

	RawStream(int port, RawHttp.Request request) {
		try {
			// small, so that a reader which stops reading is soon noticed
			this.socket.setReceiveBufferSize(16 * 1024);
			this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(TIMEOUT);
			this.socket.getOutputStream().write(request.encode());
			this.in = new BufferedInputStream(this.socket.getInputStream(), 16 * 1024);
			this.status = Integer.parseInt(headLine().split(" ")[1]);
			for (String line = headLine(); !line.isEmpty(); line = headLine()) {
				int colon = line.indexOf(':');
				this.headers.put(line.substring(0, colon), line.substring(colon + 1).trim());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static RawStream open(RunningServer server, String method, String params, String... headers) {
		return new RawStream(server.port(), RawHttp.Request.call("/rpc/Feeds", request(method, params), with(headers)));
	}

	static String request(String method, String params) {
		return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":[" + params + "],\"id\":1}";
	}

	private static String[] with(String... headers) {
		String[] all = new String[headers.length + 2];
		all[0] = "Accept";
		all[1] = "text/event-stream, application/json";
		System.arraycopy(headers, 0, all, 2, headers.length);
		return all;
	}

	int status() {
		return this.status;
	}

	String header(String name) {
		return this.headers.get(name);
	}

	/**
	 * The next event with its lines, without the blank line behind it.
	 */
	String event() {
		String event = block();
		while (event.startsWith(":")) {
			event = block();
		}
		return event;
	}

	/**
	 * What comes up to the next blank line: an event or a comment.
	 */
	String block() {
		StringBuilder block = new StringBuilder();
		for (String line = line(); !line.isEmpty(); line = line()) {
			block.append(block.isEmpty() ? "" : "\n").append(line);
		}
		return block.toString();
	}

	String line() {
		StringBuilder line = new StringBuilder();
		for (int b = read(); b != '\n'; b = read()) {
			if (b < 0) {
				throw new IllegalStateException("The stream ended after '" + line + "'");
			}
			line.append((char) b);
		}
		return line.toString();
	}

	/**
	 * All that is left.
	 */
	String rest() {
		StringBuilder rest = new StringBuilder();
		for (int b = read(); b >= 0; b = read()) {
			rest.append((char) b);
		}
		return rest.toString();
	}

	/**
	 * The next byte of the body, or -1 at its proper end.
	 */
	private int read() {
		try {
			if (this.ended) {
				return -1;
			}
			if (this.chunkLeft == 0) {
				this.chunkLeft = Integer.parseInt(headLine(), 16);
				if (this.chunkLeft == 0) {
					this.ended = true;
					headLine();
					return -1;
				}
			}
			int b = this.in.read();
			if (b < 0) {
				throw new EOFException("The connection was cut");
			}
			if (--this.chunkLeft == 0) {
				headLine();
			}
			return b;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String headLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int b = this.in.read(); b != '\n'; b = this.in.read()) {
			if (b < 0) {
				throw new EOFException("The connection was cut");
			}
			if (b != '\r') {
				line.append((char) b);
			}
		}
		return line.toString();
	}

	String body() throws IOException {
		return new String(this.in.readNBytes(Integer.parseInt(header("Content-Length"))), StandardCharsets.UTF_8);
	}

	/**
	 * Leaves without a word.
	 */
	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
