package dev.rpcboot.benchmark.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Tells another process what this one has used, each time it sends a line.
 */
final class UsagePort {

	private final ServerSocket socket;

	UsagePort() throws IOException {
		this.socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
	}

	int port() {
		return this.socket.getLocalPort();
	}

	/**
	 * Answers one process until it leaves.
	 */
	void serve() throws IOException {
		try (Socket connection = this.socket.accept()) {
			BufferedReader in = new BufferedReader(
					new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
			OutputStream out = connection.getOutputStream();
			while (in.readLine() != null) {
				Usage usage = Usage.now();
				out.write((usage.cpu() + " " + usage.allocated() + "\n").getBytes(StandardCharsets.US_ASCII));
			}
		}
	}

}
