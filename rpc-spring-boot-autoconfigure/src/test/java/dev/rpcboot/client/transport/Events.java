package dev.rpcboot.client.transport;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.rpcboot.client.transport.RawServer.Connection;

/**
 * Writes an answer that is a stream of events, chunk by chunk.
 */
final class Events {

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

	private final Connection connection;

	private final String id;

	private Events(Connection connection, String id) {
		this.connection = connection;
		this.id = id;
	}

	/** Answers the request with the head of a stream. */
	static Events begin(Connection connection, String request) throws IOException {
		connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nRpc-Status: STREAM\r\n"
				+ "Transfer-Encoding: chunked\r\n\r\n");
		return new Events(connection, id(request));
	}

	static String id(String request) {
		Matcher id = ID.matcher(request);
		if (!id.find()) {
			throw new IllegalArgumentException("No id in " + request);
		}
		return id.group(1);
	}

	Events item(String json) throws IOException {
		return chunk("data: {\"jsonrpc\":\"2.0\",\"id\":" + this.id + ",\"result\":" + json + "}\n\n");
	}

	Events items(int from, int to) throws IOException {
		for (int i = from; i <= to; i++) {
			item("\"" + i + "\"");
		}
		return this;
	}

	Events error(String json) throws IOException {
		return chunk("event: error\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + this.id + ",\"error\":" + json + "}\n\n");
	}

	/** The event {@code end}, and the end of the body. */
	void end() throws IOException {
		chunk("event: end\ndata: {\"jsonrpc\":\"2.0\",\"id\":" + this.id + ",\"result\":null}\n\n");
		endBody();
	}

	void endBody() throws IOException {
		this.connection.write("0\r\n\r\n");
	}

	Events chunk(String bytes) throws IOException {
		this.connection.write(Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n");
		return this;
	}

	Connection connection() {
		return this.connection;
	}

}
