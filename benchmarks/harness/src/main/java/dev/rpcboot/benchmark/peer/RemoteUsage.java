package dev.rpcboot.benchmark.peer;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks another process what it has used.
 */
public final class RemoteUsage implements AutoCloseable {

	private final Socket connection;

	private final BufferedReader in;

	/**
	 * Connects to the {@link UsagePort} of that process.
	 */
	public RemoteUsage(int port) throws IOException {
		this.connection = new Socket(InetAddress.getLoopbackAddress(), port);
		this.in = new BufferedReader(
				new InputStreamReader(this.connection.getInputStream(), StandardCharsets.US_ASCII));
	}

	/** Until now. */
	public Usage now() throws IOException {
		this.connection.getOutputStream().write('\n');
		String line = this.in.readLine();
		if (line == null) {
			throw new EOFException("The server has gone");
		}
		String[] figures = line.split(" ");
		return new Usage(Long.parseLong(figures[0]), Long.parseLong(figures[1]));
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
