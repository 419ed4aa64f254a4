package dev.rpcboot.calls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections to a server that pass through here, and can be cut.
 */
final class CuttableConnections implements AutoCloseable {

	private final ServerSocket entrance;

	private final int port;

	private final AtomicInteger accepted = new AtomicInteger();

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private CuttableConnections(ServerSocket entrance, int port) {
		this.entrance = entrance;
		this.port = port;
	}

	static CuttableConnections to(String url) throws IOException {
		CuttableConnections connections = new CuttableConnections(
				new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), URI.create(url).getPort());
		start(connections::accept);
		return connections;
	}

	String url() {
		return "http://127.0.0.1:" + this.entrance.getLocalPort();
	}

	/** How many were ever made. */
	int accepted() {
		return this.accepted.get();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.entrance.accept();
			this.accepted.incrementAndGet();
			start(() -> connect(client));
		}
	}

	private void connect(Socket client) throws IOException {
		this.sockets.add(client);
		Socket server = new Socket(InetAddress.getLoopbackAddress(), this.port);
		this.sockets.add(server);
		client.setTcpNoDelay(true);
		server.setTcpNoDelay(true);
		start(() -> pass(server, client));
		pass(client, server);
	}

	private static void pass(Socket from, Socket to) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			in.transferTo(out);
		}
	}

	/**
	 * Cuts all of them.
	 * @param reset whether by a reset, as of a machine that has failed, and not by a
	 * proper end
	 */
	void cut(boolean reset) throws IOException {
		for (Socket socket : this.sockets) {
			if (reset && !socket.isClosed()) {
				socket.setSoLinger(true, 0);
			}
			socket.close();
		}
		this.sockets.clear();
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// it was cut, or the test is over
			}
		}, "connections");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.entrance.close();
		cut(false);
	}

	private interface Task {

		void run() throws IOException;

	}

}
