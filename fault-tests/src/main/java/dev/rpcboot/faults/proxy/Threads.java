package dev.rpcboot.faults.proxy;

import java.io.IOException;

/**
 * Threads for blocking work on sockets, which ends when a socket is closed.
 */
final class Threads {

	private Threads() {
	}

	static Thread start(String name, SocketWork work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// a socket was closed, here or at the other end
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	interface SocketWork {

		void run() throws IOException, InterruptedException;

	}

}
