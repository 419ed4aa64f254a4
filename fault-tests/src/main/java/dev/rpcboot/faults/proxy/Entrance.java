package dev.rpcboot.faults.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A port of this machine that can be open, refuse, or swallow connections.
 */
final class Entrance implements AutoCloseable {

	private final InetSocketAddress address;

	private final Consumer<Socket> accepted;

	// what holds the port at present: a listener, or a socket that does not listen
	private AutoCloseable holder;

	private @Nullable Thread acceptor;

	private final List<Socket> fillers = new ArrayList<>();

	Entrance(Consumer<Socket> accepted) throws IOException {
		this.accepted = accepted;
		ServerSocket listener = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
		this.holder = listener;
		accept(listener);
	}

	int port() {
		return this.address.getPort();
	}

	synchronized void open() throws IOException {
		if (this.acceptor != null) {
			return;
		}
		release();
		ServerSocket listener = listen(this.address, 1024);
		this.holder = listener;
		accept(listener);
	}

	/**
	 * Bound but not listening: the kernel refuses, and nobody else gets the port.
	 */
	synchronized void refuse() throws IOException {
		release();
		Socket bound = new Socket();
		bound.setReuseAddress(true);
		bound.bind(this.address);
		this.holder = bound;
	}

	/**
	 * Listening, with a backlog that is full: the kernel drops what else arrives, as a
	 * machine that is gone does.
	 */
	synchronized void blackHole() throws IOException {
		release();
		this.holder = listen(this.address, 1);
		boolean full = false;
		while (!full) {
			Socket filler = new Socket();
			this.fillers.add(filler);
			try {
				filler.connect(this.address, 100);
			}
			catch (SocketTimeoutException ex) {
				full = true;
			}
		}
	}

	private void accept(ServerSocket listener) {
		this.acceptor = Threads.start("entrance", () -> {
			while (true) {
				this.accepted.accept(listener.accept());
			}
		});
	}

	private static ServerSocket listen(InetSocketAddress address, int backlog) throws IOException {
		ServerSocket listener = new ServerSocket();
		listener.setReuseAddress(true);
		listener.bind(address, backlog);
		return listener;
	}

	private void release() throws IOException {
		close(this.holder);
		for (Socket filler : this.fillers) {
			filler.close();
		}
		this.fillers.clear();
		awaitEnd(this.acceptor);
		this.acceptor = null;
	}

	/**
	 * The kernel's socket listens for as long as a thread is in accept, close or not.
	 */
	private static void awaitEnd(@Nullable Thread acceptor) {
		try {
			if (acceptor != null) {
				acceptor.join(10_000);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void close(@Nullable AutoCloseable holder) throws IOException {
		if (holder instanceof ServerSocket listener) {
			listener.close();
		}
		else if (holder instanceof Socket socket) {
			socket.close();
		}
	}

	@Override
	public synchronized void close() throws IOException {
		release();
	}

}
