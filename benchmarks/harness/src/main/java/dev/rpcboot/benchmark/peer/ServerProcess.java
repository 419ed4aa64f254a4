package dev.rpcboot.benchmark.peer;

import java.io.IOException;

/**
 * The process of a server. Prints {@code benchmark: <port> <port of its usage>}.
 */
public final class ServerProcess {

	private ServerProcess() {
	}

	/**
	 * Serves until the process is ended.
	 * @param args the class of the {@link PeerServer}
	 */
	public static void main(String[] args) throws ReflectiveOperationException, IOException {
		PeerServer server = (PeerServer) Class.forName(args[0]).getConstructor().newInstance();
		try {
			int port = server.start();
			UsagePort usage = new UsagePort();
			System.out.println("benchmark: " + port + " " + usage.port());
			usage.serve();
		}
		catch (Exception ex) {
			ex.printStackTrace();
			System.exit(1);
		}
		// the client has left; some servers have threads that would go on
		System.exit(0);
	}

}
