package dev.rpcboot.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * HTTP/1.1 over one socket, without any of the care that clients take: it sends whatever
 * path, headers and bytes it is given, and reads an answer that comes before the request
 * is complete.
 */
final class RawHttp implements AutoCloseable {

	private static final int TIMEOUT = 20_000;

	private final Socket socket;

	private final InputStream in;

	RawHttp(int port) {
		try {
			this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(TIMEOUT);
			this.in = new BufferedInputStream(this.socket.getInputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Answer send(Request request) {
		try {
			try {
				this.socket.getOutputStream().write(request.encode());
			}
			catch (IOException ex) {
				// refused early; the answer may still be there to be read
			}
			return read(request.method());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(request.method() + " " + request.path(), ex);
		}
	}

	void write(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
	}

	Answer read(String method) throws IOException {
		String statusLine = line();
		int status = Integer.parseInt(statusLine.split(" ")[1]);
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			headers.merge(line.substring(0, colon), line.substring(colon + 1).trim(), (one, two) -> one + ", " + two);
		}
		if (status / 100 == 1) {
			return read(method);
		}
		return new Answer(status, headers, body(method, status, headers));
	}

	private byte[] body(String method, int status, Map<String, String> headers) throws IOException {
		if (method.equals("HEAD") || status == 204 || status == 304) {
			return new byte[0];
		}
		if (headers.containsKey("Content-Length")) {
			return exactly(Integer.parseInt(headers.get("Content-Length")));
		}
		if (!headers.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked")) {
			return this.in.readAllBytes();
		}
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int size = Integer.parseInt(line().trim(), 16); size > 0; size = Integer.parseInt(line().trim(), 16)) {
			body.writeBytes(exactly(size));
			line();
		}
		line();
		return body.toByteArray();
	}

	private byte[] exactly(int length) throws IOException {
		byte[] bytes = this.in.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException("The answer ends after " + bytes.length + " of " + length + " bytes");
		}
		return bytes;
	}

	private String line() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = this.in.read(); b != '\n'; b = this.in.read()) {
			if (b < 0) {
				throw new EOFException("The connection was closed without an answer");
			}
			if (b != '\r') {
				line.write(b);
			}
		}
		return line.toString(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Whether the server closes the connection, rather than waiting for more.
	 */
	boolean isClosedByServer(int within) throws IOException {
		this.socket.setSoTimeout(within);
		try {
			return this.in.read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	record Request(String method, String path, Map<String, String> headers, byte[] body) {

		static Request call(String path, String body, String... headers) {
			Map<String, String> all = new LinkedHashMap<>();
			all.put("Content-Type", "application/json");
			for (int i = 0; i < headers.length; i += 2) {
				all.put(headers[i], headers[i + 1]);
			}
			return new Request("POST", path, all, body.getBytes(StandardCharsets.UTF_8));
		}

		byte[] encode() {
			StringBuilder head = new StringBuilder(this.method + " " + this.path + " HTTP/1.1\r\n");
			if (!this.headers.containsKey("Host")) {
				head.append("Host: 127.0.0.1\r\n");
			}
			this.headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
			boolean chunked = this.headers.containsKey("Transfer-Encoding");
			if (!chunked && (this.body.length > 0 || !this.method.matches("GET|HEAD|OPTIONS"))) {
				head.append("Content-Length: ").append(this.body.length).append("\r\n");
			}
			ByteArrayOutputStream request = new ByteArrayOutputStream();
			request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
			if (chunked) {
				request.writeBytes((Integer.toHexString(this.body.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
				request.writeBytes(this.body);
				request.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
			}
			else {
				request.writeBytes(this.body);
			}
			return request.toByteArray();
		}

	}

	record Answer(int status, Map<String, String> headers, byte[] body) {

		String header(String name) {
			return this.headers.get(name);
		}

		String text() {
			return new String(this.body, StandardCharsets.UTF_8);
		}

	}

}
